import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WrongConfiguration, wrongConfigurations } from '../bench/picture/wrong-configurations.js';
import { run } from '../src/cli/index.js';

const folder = mkdtempSync(join(tmpdir(), 'wrong-configurations-'));
const CONFIGURATIONS = wrongConfigurations(join(__dirname, '..'), folder);

async function check({ environment }: WrongConfiguration, args: readonly string[] = []) {
  let output = '';
  const say = (text: string): void => void (output += text);
  const io = { environment, out: say, err: say, colours: false, ask: async () => '' };
  return { code: await run(['check', ...args], io), output };
}

/** The variable that a line is about. */
const variablesIn = (output: string): string[] =>
  [...output.matchAll(/^[A-Z][A-Z0-9_]+(?=[ ,:，：])/gm)].map(([name]) => name);

describe('check with a wrong configuration', () => {
  it('has a table of hundreds, each with a unique title', () => {
    expect(CONFIGURATIONS.length).toBeGreaterThan(300);
    expect(new Set(CONFIGURATIONS.map(({ title }) => title)).size).toBe(CONFIGURATIONS.length);
  });

  it.each(CONFIGURATIONS.map((one) => [one.title, one] as const))(
    'names the problem, shows no value, and exits with 1: %s',
    async (_title, one) => {
      const { code, output } = await check(one);
      expect(code).toBe(1);
      expect(new Set(variablesIn(output))).toEqual(new Set(one.names));
      expect(one.values.filter((value) => output.includes(value))).toEqual([]);
    },
  );

  it.each(CONFIGURATIONS.map((one) => [one.title, one] as const))('does so in Chinese: %s', async (_title, one) => {
    const { code, output } = await check(one, ['--lang', 'zh']);
    expect(code).toBe(1);
    expect(new Set(variablesIn(output))).toEqual(new Set(one.names));
    expect(one.values.filter((value) => output.includes(value))).toEqual([]);
    const lines = output.trimEnd().split('\n');
    expect(lines.filter((line) => !/\p{Script=Han}/u.test(line))).toEqual([]);
  });

  it('reports the same as JSON', async () => {
    for (const one of CONFIGURATIONS) {
      const [text, json] = [await check(one), await check(one, ['--json', '--lang=zh'])];
      expect(json.code).toBe(1);
      const { ok, problems } = JSON.parse(json.output) as { ok: boolean; problems: string[] };
      expect([ok, problems.map((line) => `${line}\n`).join('')]).toEqual([false, text.output]);
    }
  });
});
