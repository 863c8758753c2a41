import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBench } from '../harness/with-bench.js';
import { readImports } from './imports.js';
import { costs, modulesAtStart, sizes, upstreamCalls } from './measure.js';
import { publicTypes } from './public-types.js';
import { specFiles, testTitles } from './test-titles.js';
import { answersTo, type Check, wrongConfigurations } from './wrong-configurations.js';

/** What a refactoring must not change, and its costs. */
export interface Picture {
  /** Text by file name, compared line by line. */
  readonly exact: Readonly<Record<string, string>>;
  /** Numbers by name with their unit. */
  readonly measured: Readonly<Record<string, number>>;
}

const FOLDERS = ['src', 'client', 'nocobase-plugin', 'sandbox', 'real-nocobase', 'demo', 'bench', 'scripts'];
const PACE = { rounds: 3, seconds: 2, warmUp: { units: 3000, atMostSeconds: 20 }, browsers: 16 };

/** @param root of a built project */
export async function takePicture(root: string, say: (line: string) => void): Promise<Picture> {
  say('what is written');
  const written = await takeWritten(root, await compiledCheck(root));
  say('what a start loads and a sign-in asks');
  const options = { root, pace: PACE, quick: false, say };
  const [modules, calls] = await withBench(options, async (bench) => [
    await modulesAtStart(bench),
    await upstreamCalls(bench),
  ]);
  say('what it costs');
  const measured = { ...(await withBench(options, costs)), ...sizes(root) };
  return {
    exact: { ...written, 'modules-at-start.txt': lines(modules), 'upstream-calls.txt': lines(calls) },
    measured,
  };
}

/** Everything that needs no separate process. */
export async function takeWritten(root: string, check: Check): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  try {
    const answers = await answersTo(wrongConfigurations(root, folder), check);
    const { imports } = readImports(root, FOLDERS);
    return {
      'test-titles.txt': lines(testTitles(root, specFiles(root))),
      'index.d.ts': read(root, 'dist/index.d.ts'),
      'public-types.txt': lines(publicTypes(join(root, 'dist/index.d.ts'))),
      'openapi.json': read(root, 'docs/openapi.json'),
      'authenticators.schema.json': read(root, 'authenticators.schema.json'),
      // The folder's name differs in each run.
      'check.json': `${JSON.stringify(answers, undefined, 2).replaceAll(folder, '<folder>')}\n`,
      'imports.txt': lines(imports.map(({ from, to }) => `${from} -> ${to}`)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiled command, in this process: hundreds of processes would take minutes. */
async function compiledCheck(root: string): Promise<Check> {
  const { run } = (await import(pathToFileURL(join(root, 'dist/cli/index.js')).href)) as {
    run: (args: readonly string[], io: object) => Promise<number | undefined>;
  };
  return async (environment) => {
    let output = '';
    const say = (text: string): void => void (output += text);
    const code = await run(['check'], { environment, out: say, err: say, colours: false });
    return { code: code ?? -1, output };
  };
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function lines(list: readonly string[]): string {
  return `${list.toSorted().join('\n')}\n`;
}
