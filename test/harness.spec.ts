import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { outcome, type Report, slowest } from '../scripts/test-outcome.mjs';
import { built } from './support/built.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { oncePerRun } from './support/once-per-run.js';
import { SLOW_SUITES } from './support/worker/slow-suites.mjs';
import { changedFirst } from './support/worker/suite-order.mjs';

const ROOT = resolve(__dirname, '..');

describe('A lent NocoBase', () => {
  it('is reset for the next suite, at the same address and with the same key', async () => {
    const first = await TestNocoBase.launch();
    const shipped = await first.list('authenticators', {}, 'name,enabled');
    await first.addUser({ nickname: 'Left behind', phone: '13712345678' });
    await first.call('POST', 'roles:create', { name: 'left-behind', title: 'Left behind' });
    await first.call('POST', 'authenticators:create', {
      name: 'left-behind',
      authType: 'Email/Password',
      enabled: true,
    });
    const field = { name: 'leftBehind', type: 'string', interface: 'input' };
    await first.call('POST', 'collections/users/fields:create', field);
    await first.moveClock(3_600_000);
    await first.stop();

    const next = await TestNocoBase.launch();
    expect([next.url, next.apiKey]).toEqual([first.url, first.apiKey]);
    expect(await next.userByPhone('13712345678')).toEqual([]);
    expect(await next.list('roles', { name: 'left-behind' }, 'name')).toEqual([]);
    expect(await next.list('authenticators', {}, 'name,enabled')).toEqual(shipped);
    expect(await next.list('fields', { name: 'leftBehind' }, 'name')).toEqual([]);
    const { headers } = await fetch(`${next.url}/api/app:getLang`);
    expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now())).toBeLessThan(1_800_000);
    await next.stop();
  }, 60_000);

  it('is a different one while the first is still in use', async () => {
    const [one, other] = [await TestNocoBase.launch(), await TestNocoBase.launch()];
    expect(other.url).not.toBe(one.url);
    await Promise.all([one.stop(), other.stop()]);
  }, 60_000);
});

it('A free port is given to one process only while that runs', async () => {
  const module = pathToFileURL(join(ROOT, 'real-nocobase/free-port.mjs')).href;
  const code = `import { freePort } from '${module}';
    const ports = [];
    for (let i = 0; i < 200; i += 1) ports.push(await freePort());
    console.log(JSON.stringify(ports));
    setTimeout(() => undefined, 3000);`;
  const others = [1, 2].map(async () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]).then(
      ({ stdout }) => JSON.parse(stdout) as number[],
    ),
  );
  const own = [await freePort(), await freePort()];
  const ports = [...own, ...(await Promise.all(others)).flat()];
  expect(ports).toHaveLength(402);
  expect(new Set(ports).size).toBe(ports.length);
  // The system assigns none of these automatically.
  expect(ports.filter((port) => port < 20_000 || port >= 30_000)).toEqual([]);
});

it('What several suites need is built once in a run, and not again if that failed', () => {
  const make = jest.fn((folder: string) => expect(existsSync(folder)).toBe(true));
  expect(oncePerRun('harness', make)).toBe(oncePerRun('harness', make));
  expect(make).toHaveBeenCalledTimes(1);
  const broken = (): never => {
    throw new Error('broken');
  };
  expect(() => oncePerRun('harness-broken', broken)).toThrow('broken');
  expect(() => oncePerRun('harness-broken', make)).toThrow('another suite could not make: harness-broken');
});

it('What a build made is used until one of its sources changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'built-'));
  const [made, source] = [join(folder, 'made'), join(folder, 'source')];
  const fresh = (): boolean => built(made, [source]) === made;
  const touch = (path: string, seconds: number): void => utimesSync(path, seconds, seconds);
  try {
    mkdirSync(join(source, 'inside'), { recursive: true });
    for (const path of [made, join(source, 'inside', 'a.ts')]) writeFileSync(path, '');
    for (const path of ['inside/a.ts', 'inside', '.']) touch(join(source, path), 1000);
    touch(made, 2000);
    expect(fresh()).toBe(true);
    for (const path of ['inside/a.ts', 'inside', '.']) {
      touch(join(source, path), 3000);
      expect([path, fresh()]).toEqual([path, false]);
      touch(join(source, path), 1000);
    }
    rmSync(made);
    expect(fresh()).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('Suites of changed files run first, then those beside them', () => {
  const suites = [
    'src/auth/a.spec.ts',
    'test/b.spec.ts',
    'src/core/errors/c.spec.ts',
    'test/d.spec.ts',
    'src/auth/e.spec.ts',
  ];
  expect(changedFirst(suites, ['test/d.spec.ts', 'src/core/errors/gateway.error.ts', 'test/support/redis.ts'])).toEqual(
    ['test/d.spec.ts', 'src/core/errors/c.spec.ts', 'src/auth/a.spec.ts', 'test/b.spec.ts', 'src/auth/e.spec.ts'],
  );
  expect(changedFirst(suites, [])).toEqual(suites);
});

it('then those that take longest', () => {
  const [slowest = '', next = ''] = SLOW_SUITES;
  const suites = ['test/a.spec.ts', next, 'test/b.spec.ts', slowest];
  expect(changedFirst(suites, ['test/b.spec.ts'])).toEqual(['test/b.spec.ts', slowest, next, 'test/a.spec.ts']);
  expect(SLOW_SUITES.filter((suite) => !existsSync(join(ROOT, suite)))).toEqual([]);
});

describe('The outcome of a run', () => {
  const suite = (
    name: string,
    tests: Record<string, 'passed' | 'failed'>,
    seconds = 1,
  ): Report['testResults'][number] => ({
    name: join(ROOT, name),
    status: Object.values(tests).includes('failed') || Object.keys(tests).length === 0 ? 'failed' : 'passed',
    startTime: 0,
    endTime: seconds * 1000,
    assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
  });
  const report = (...testResults: Report['testResults']): Report => {
    const count = (wanted: string): number =>
      testResults.flatMap((result) => result.assertionResults).filter(({ status }) => status === wanted).length;
    const counts = { numPassedTests: count('passed'), numFailedTests: count('failed') };
    return { ...counts, numPendingTests: 0, numTodoTests: 0, testResults };
  };
  const first = report(
    suite('a.spec.ts', { one: 'failed', two: 'failed', three: 'passed' }),
    suite('b.spec.ts', { four: 'passed' }),
  );

  it('names what failed once and then passed, and counts it as passed', () => {
    const again = report(suite('a.spec.ts', { one: 'passed', two: 'failed', three: 'passed' }));
    expect(outcome(first, again, ROOT)).toEqual({ passed: 3, failed: 1, skipped: 0, flaky: ['a.spec.ts › one'] });
  });

  it('is a failure if nothing was rerun, or a suite could not be loaded', () => {
    expect(outcome(first, undefined, ROOT)).toEqual({ passed: 2, failed: 2, skipped: 0, flaky: [] });
    const unloaded = report(suite('c.spec.ts', {}), suite('b.spec.ts', { four: 'passed' }));
    expect(outcome(unloaded, report(suite('c.spec.ts', {})), ROOT)).toMatchObject({ passed: 1, failed: 1, flaky: [] });
  });

  it('counts what was skipped', () => {
    expect(outcome({ ...first, numPendingTests: 2, numTodoTests: 1 }, undefined, ROOT).skipped).toBe(3);
  });

  it('lists the slowest suites', () => {
    const slow = report(suite('a.spec.ts', {}, 1), suite('b.spec.ts', {}, 12.34), suite('c.spec.ts', {}, 3));
    expect(slowest(slow, ROOT, 2)).toEqual(['   12.3 s  b.spec.ts', '    3.0 s  c.spec.ts']);
  });
});

describe('Suites', () => {
  const suites = ['src', 'test', 'sandbox']
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
    )
    .filter((path) => path.endsWith('spec.ts') && path !== join('test', 'harness.spec.ts'));
  const those = (pattern: RegExp, among = suites): string[] =>
    among.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8')));

  it('measure time only in a project of their own', () => {
    const alone = /\.timed\.|overload/;
    // At once, or by way of a name.
    const measuring =
      /(?:performance|Date)\.now\(\) - \w+\)\s*\.toBeLessThan|const (\w+) = (?:performance|Date)\.now\(\) - [\s\S]*expect\(\1\)\.toBeLessThan/;
    expect(
      those(
        measuring,
        suites.filter((path) => alone.test(path)),
      ),
    ).not.toEqual([]);
    expect(
      those(
        measuring,
        suites.filter((path) => !alone.test(path)),
      ),
    ).toEqual([]);
  });

  it('neither retry failures by themselves nor wait in a browser for a fixed time', () => {
    expect(suites.length).toBeGreaterThan(50);
    expect(those(/retryTimes|waitForTimeout/)).toEqual([]);
  });
});
