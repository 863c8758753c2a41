import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measuredIn, withComputed, withMeasured } from '../bench/capacity/page.js';
import { plan, SCENARIOS } from '../bench/capacity/plan.js';
import { comparison, resultFile } from '../bench/harness/comparison.js';
import { cpuSeconds, residentBytes } from '../bench/harness/process-statistics.js';
import { signedInUser, WrongAnswerError } from '../bench/harness/sign-in.js';
import type { Measured } from '../bench/harness/measure.js';
import { percentile, ratios, slope, spread } from '../bench/harness/statistics.js';
import { target } from '../bench/harness/target.js';
import { WAYS } from '../bench/nocobase/contestants.js';
import { binomialError, expectedFailureRate, fatalFaults } from '../bench/soak/expected.js';
import { asDingTalk, NocoBaseDouble } from '../bench/upstream/answers.js';
import { faultChooser } from '../bench/upstream/faults.js';
import { colleague, newcomer, ONE_LEFT_OF, returning } from '../bench/upstream/people.js';
import { WORKLOADS } from '../bench/workloads/index.js';
import { asExpected, laterHalf, type NightCost, outcome as outcomeOfNights } from '../bench/workloads/nightly-check.js';
import { outcome as outcomeOfLeaving } from '../bench/workloads/leaving.js';
import { outcome } from '../bench/workloads/nocobase-ways.js';
import { compileTools } from './support/tools.js';

const ROOT = join(__dirname, '..');

describe('The capacity plan', () => {
  const monday = SCENARIOS['monday']!;

  it('computes processes, applications and minutes from the cost of a sign-in', () => {
    // 36,000 people, half of them in 1,800 seconds, twice as many in the busiest minute: 20 per second.
    expect(plan(36_000, { gatewayMs: 2, nocobaseMs: 100 }, monday)).toEqual({
      people: 36_000,
      perSecond: 20,
      gatewayCpus: 0.04,
      gatewayProcesses: 1,
      nocobaseCpus: 2,
      nocobaseProcesses: 4,
      applications: 1,
      minutesForAll: 30,
    });
    expect(plan(36_001, { gatewayMs: 2, nocobaseMs: 100 }, monday)).toMatchObject({
      nocobaseProcesses: 5,
      applications: 2,
    });
  });

  it('is written into a page with new measured figures, and changes nothing else', () => {
    const page =
      '| gateway | `g` | 9 ms |\n| NocoBase | `n` | 26 ms |\n<!-- computed: monday -->\n| a |\n| - |\n| old |\n';
    const written = withComputed(withMeasured(`${page}<!-- computed: end -->\n`, new Map([['g', 1.637]])));
    expect(measuredIn(written)).toEqual({ gatewayMs: 1.6, nocobaseMs: 26 });
    expect(written.split('\n').slice(3, 5)).toEqual(['| a |', '| - |']);
    expect(written).toContain('\n| 100,000 | 56 | 0.089 | 1 | 1.4 | 3 | 3 | 83 |\n');
    expect(written).not.toContain('old');
    expect(() => measuredIn('| gateway | `g` | 9 ms |')).toThrow('no row n');
  });
});

describe("The benchmark's statistics", () => {
  it('return the median, and the range of the others', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(() => spread([])).toThrow(RangeError);
  });

  it('return percentiles that were actually measured', () => {
    const hundred = Array.from({ length: 100 }, (_value, index) => 100 - index);
    expect([percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100)]).toEqual([50, 99, 100]);
    expect(percentile([7], 1)).toBe(7);
    // As numbers, not as text.
    expect(percentile([10, 9, 8], 100)).toBe(10);
    expect(() => percentile([1], 0)).toThrow(RangeError);
  });

  it('compare round by round', () => {
    // The machine was half as fast in the second round: the ratio does not show it.
    expect(ratios([20, 10], [10, 5])).toEqual({ median: 2, min: 2, max: 2 });
    expect(() => ratios([1], [1, 2])).toThrow(RangeError);
  });

  it('find the slope of a line', () => {
    expect(
      slope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
    ).toBeCloseTo(2);
    expect(
      slope([
        [0, 4],
        [5, 4],
      ]),
    ).toBe(0);
    expect(() => slope([[1, 1]])).toThrow(RangeError);
    expect(() =>
      slope([
        [1, 1],
        [1, 2],
      ]),
    ).toThrow(RangeError);
  });

  it('report whether a target is met', () => {
    const half = spread([0.5]);
    expect(target('a', half, { atLeast: 0.5 }).met).toBe(true);
    expect(target('a', half, { atLeast: 0.6 }).met).toBe(false);
    expect(target('a', half, { atMost: 0.4 }).met).toBe(false);
  });
});

describe('The ways to sign in, side by side', () => {
  const measured = (cpu: Readonly<Record<string, readonly [own: number, beside?: number]>>): Measured[] =>
    WAYS.map((name) => {
      const [cpuMs, cpuMsBeside = 0] = cpu[name] ?? [1];
      return { name, rounds: [{ done: 1, perSecond: 1, cpuMs, cpuMsBeside, p50Ms: 1, p99Ms: 1 }] };
    });
  const metBy = (cpu: Parameters<typeof measured>[0]): Record<string, boolean> =>
    Object.fromEntries(outcome(measured(cpu), new Map(), 'none').targets.map(({ name, met }) => [name, met]));

  it("compare NocoBase's own CPU time, and the plugin alone with NocoBase and the gateway together", () => {
    const met = metBy({
      'stock mode': [10, 5],
      'plugin and gateway': [11, 100],
      'plugin alone': [14],
      'bare auth:signIn': [10],
      'auth:check': [5],
      'redeem page': [0.4],
      'callback page': [0.6],
    });
    expect(met).toMatchObject({
      'plugin and gateway, of stock mode': false,
      'or of a bare auth:signIn': true,
      'plugin alone, of stock mode with its gateway': true,
      'redeem page, of auth:check': true,
      'callback page, of auth:check': false,
    });
  });

  it('list the statements of each way, and what was missing', () => {
    const statements = new Map([['plugin alone', { 'SELECT users': 1, 'SELECT roles': 2 }]]);
    const { notes, numbers } = outcome(measured({}), statements, 'no PostgreSQL');
    expect(notes).toEqual(['plugin alone: SELECT roles x 2, SELECT users', expect.stringContaining('no PostgreSQL')]);
    expect(numbers).toMatchObject({ 'plugin alone: SQL statements': 3 });
  });
});

describe('The nightly check', () => {
  const checked = {
    end: 'done',
    asked: 2000,
    here: 1998,
    unclear: 0,
    concluded: { locked: 2 },
    bytesBefore: 100 * 2 ** 20,
    bytesHighest: 140 * 2 ** 20,
    heldBefore: 40 * 2 ** 20,
    heldAfter: [
      [1000, 91 * 2 ** 20],
      [2000, 50 * 2 ** 20],
    ] as const,
  };
  const night = (own: Partial<NightCost> = {}): NightCost => ({
    checked,
    calls: { 'DingTalk user/get': 1000, 'DingTalk user/getbyunionid': 1000 },
    cpuSeconds: 0.6,
    statements: { 'SELECT users': 100 },
    ...own,
  });
  const cost = outcomeOfNights(
    2000,
    [night(), night({ cpuSeconds: 2, calls: { 'DingTalk user/get': 3000 } })],
    [0.003, 0.003, 0.005],
  );

  it("is compared with an auth:check before and after it, and lasts as long as DingTalk's rate limit requires", () => {
    expect(Object.fromEntries(cost.targets.map(({ name, met }) => [name, met]))).toEqual({
      'resident memory of the process that checks, growth in MiB': true,
      'its heap after a full collection, growth in MiB': false,
      "first night: NocoBase's CPU time for a person, of auth:check": true,
      'first night: calls to DingTalk for a person': true,
      'first night: SQL statements for a person': true,
      "second night: NocoBase's CPU time for a person, of auth:check": false,
      'second night: calls to DingTalk for a person': false,
      'second night: SQL statements for a person': true,
    });
    expect(cost.targets[5]?.measured.max).toBeCloseTo(0.001 / 0.003);
    expect(cost.numbers).toMatchObject({
      'first night: minutes at 15 calls a second (computed)': 2000 / 15 / 60,
      'first night: SQL statements': 200,
      'second night: calls to DingTalk': 3000,
    });
  });

  it.each([
    [{ end: 'stopped', why: 'no_answer' }],
    [{ asked: 1999 }],
    [{ here: 1997, unclear: 1 }],
    [{ concluded: { locked: 1 } }],
    [{ concluded: { reported: 2 } }],
  ])('is valid only with the correct result: not with %j', (wrong) => {
    expect(asExpected(checked, 2000)).toBe(checked);
    expect(() => asExpected({ ...checked, ...wrong }, 2000)).toThrow('came out wrong');
  });

  it('continues counting if the people are checked a second time', () => {
    expect(
      laterHalf([
        [200, 1],
        [400, 2],
        [200, 3],
        [400, 4],
      ]),
    ).toEqual([
      [600, 3],
      [800, 4],
    ]);
  });
});

describe('The time until a leaver is out', () => {
  it('meets its targets if 99 of 100 are out in time, at the first node and at both', () => {
    const outs = (slow: number) =>
      Array.from({ length: 100 }, (_value, index) =>
        index < slow ? { firstMs: 6000, bothMs: 31_000 } : { firstMs: 200, bothMs: 9000 },
      );
    const metBy = (slow: number): boolean[] => outcomeOfLeaving({ way: outs(slow) }).targets.map(({ met }) => met);
    expect([metBy(1), metBy(2)]).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(outcomeOfLeaving({ way: outs(1) }).numbers).toMatchObject({
      'way: at the first node: p50, ms': 200,
      'way: at the first node: highest, ms': 6000,
      'way: at both: p50, ms': 9000,
    });
  });
});

it('Workloads have unique letters, which the flags accept', () => {
  const ids = WORKLOADS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const contributing = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const row = contributing.split('\n').find((line) => line.startsWith('| `--only a,b` |')) ?? '';
  expect(ids.filter((id) => !row.includes(`\`${id}\``))).toEqual([]);
});

describe("The benchmark's double of the upstreams", () => {
  const ask = (url: string, { body = '', token }: { body?: string; token?: string } = {}) => ({
    method: body === '' ? 'GET' : 'POST',
    url,
    body,
    token,
  });
  const personOf = (code: string): { unionId: string; mobile: string } => {
    const { accessToken } = JSON.parse(
      asDingTalk(ask('/v1.0/oauth2/userAccessToken', { body: JSON.stringify({ code }) })).body,
    ) as { accessToken: string };
    return JSON.parse(asDingTalk(ask('/v1.0/contact/users/me', { token: accessToken })).body) as ReturnType<
      typeof personOf
    >;
  };
  const filter = (value: object): string => `?filter=${encodeURIComponent(JSON.stringify(value))}`;

  it('knows whose code it is, and the bindings of returning people', () => {
    const nocoBase = new NocoBaseDouble();
    const person = returning(7);
    const { unionId } = personOf(person.code);
    const { body } = nocoBase.answer(ask(`/api/usersAuthenticators:list${filter({ uuid: unionId })}`));
    expect(JSON.parse(body)).toMatchObject({ data: [{ userId: person.userId, uuid: unionId }] });
    expect(returning(7).code).not.toBe(person.code);
  });

  it('remembers who was registered', () => {
    const nocoBase = new NocoBaseDouble();
    const { unionId: uuid, mobile } = personOf(newcomer().code);
    const binding = ask(`/api/usersAuthenticators:list${filter({ $and: [{ authenticator: 'dingtalk' }, { uuid }] })}`);
    expect(JSON.parse(nocoBase.answer(binding).body)).toMatchObject({ data: [] });
    const user = { username: 'u', nickname: 'n', phone: mobile, roles: ['member'], usersAuthenticators: { uuid } };
    const created = JSON.parse(
      nocoBase.answer(ask('/api/authenticators/dingtalk/users:create', { body: JSON.stringify(user) })).body,
    ) as { data: { id: number } };
    expect(JSON.parse(nocoBase.answer(binding).body)).toMatchObject({ data: [{ userId: created.data.id }] });
    expect(personOf(newcomer().code).mobile).not.toBe(mobile);
  });

  it('knows who has left, by either id', () => {
    const about = (url: string, body: object): unknown =>
      JSON.parse(asDingTalk(ask(`${url}?access_token=t`, { body: JSON.stringify(body) })).body);
    for (const [number, errcode] of [
      [1, 0],
      [ONE_LEFT_OF, 60121],
    ] as const) {
      const { userid, unionId: unionid } = colleague(number);
      const ids = errcode === 0 ? { result: { userid } } : {};
      expect(about('/topapi/v2/user/get', { userid })).toMatchObject({
        errcode,
        ...(errcode === 0 && { result: { userid, unionid } }),
      });
      expect(about('/topapi/user/getbyunionid', { unionid })).toMatchObject({ errcode, ...ids });
    }
  });

  it('injects faults at the requested rate, and the same ones for the same seed', () => {
    const chosen = (seed: number) => Array.from({ length: 20_000 }, faultChooser({ rate: 0.02, seed }));
    const faults = chosen(1).filter((fault) => fault !== undefined);
    expect(Math.abs(faults.length - 400)).toBeLessThan(binomialError(20_000, 0.02));
    expect(new Set(faults)).toEqual(new Set(['status-500', 'reset', 'slow']));
    expect(chosen(1)).toEqual(chosen(1));
    expect(chosen(1)).not.toEqual(chosen(2));
  });
});

describe('The expectation of a soak', () => {
  it('counts the faults that no retry repairs', () => {
    const faults = {
      'DingTalk userAccessToken reset': 1,
      'DingTalk currentUser reset': 10,
      'DingTalk currentUser slow': 2,
      'NocoBase issuedTokens:create status-500': 4,
      'NocoBase users:list reset': 10,
      'NocoBase users:list slow': 1,
      'NocoBase tokenControlConfig:list slow': 100,
    };
    expect(fatalFaults(faults)).toBe(8);
  });

  it('follows from the rate per call', () => {
    expect(expectedFailureRate(0)).toBe(0);
    // Two calls fail at 2 %; two more are retried after a connection reset.
    expect(expectedFailureRate(0.02)).toBeCloseTo(1 - 0.98 ** 2 * (1 - 0.011 / 0.991) ** 2, 10);
  });
});

/** CPU times come from /proc. */
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('A benchmark run', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-spec-'));
    compileTools();
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('measures a working process', () => {
    const before = cpuSeconds(process.pid);
    const since = process.cpuUsage();
    while (process.cpuUsage(since).user < 100_000) Math.sqrt(since.user);
    expect(cpuSeconds(process.pid) - before).toBeGreaterThanOrEqual(0.05);
    expect(residentBytes(process.pid)).toBeGreaterThan(30e6);
  });

  it('prints a table and targets, and saves numbers for comparisons', async () => {
    const json = join(folder, 'result.json');
    const { code, output } = await node(['build/bench/main.js', '--quick', '--only', 'a', '--json', json]);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('a. start redirect') });
    expect(output).toMatch(/(met|MISSED) +per CPU second, of bare Fastify: \d/);
    const result = resultFile.parse(JSON.parse(readFileSync(json, 'utf8')));
    expect(Object.keys(result.workloads['a']?.contestants ?? {})).toHaveLength(4);
    expect(comparison(result, result).join('\n')).toContain('gateway: per CPU second x 1.000');
  });

  it('fails if a sign-in has a wrong result', async () => {
    // Redirects everyone to DingTalk with a state, but ties it to no browser.
    const careless = join(folder, 'careless.mjs');
    writeFileSync(
      careless,
      `import { createServer } from 'node:http';
       const location = process.env.DINGTALK_LOGIN_URL + '/oauth2/auth?state=s';
       createServer((_request, response) => response.writeHead(302, { location }).end())
         .listen(process.env.PORT, '127.0.0.1', () => console.log('"listening"'));`,
    );
    const { code, output } = await node(['build/bench/main.js', '--quick', '--only', 'a', '--gateway', careless]);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('gateway: Error: start: HTTP 302') });
  });

  it.each([
    ['an error page', 502, ''],
    ['no token', 303, 'http://127.0.0.1:1/admin/orders?authenticator=dingtalk'],
    ['another page', 303, 'http://127.0.0.1:1/admin?token=e30.eyJ1c2VySWQiOjF9.' + 'x'.repeat(43)],
    ['a token of nobody', 303, 'http://127.0.0.1:1/admin/orders?token=e30.e30.' + 'x'.repeat(43)],
  ])('does not accept %s as a sign-in', (_what, status, location) => {
    expect(() => signedInUser({ status, headers: { location }, body: '' })).toThrow(WrongAnswerError);
  });

  it('knows whose session it is', () => {
    const location = 'http://127.0.0.1:1/admin/orders?authenticator=a&token=e30.eyJ1c2VySWQiOjF9.' + 'x'.repeat(43);
    expect(signedInUser({ status: 303, headers: { location }, body: '' })).toBe(1);
  });

  async function node(parameters: readonly string[]): Promise<{ code: number; output: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, parameters, { cwd: ROOT }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr });
      });
    });
  }
});
