import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID } from '../sandbox/index.js';
import { run } from '../src/cli/index.js';
import { provision } from '../src/cli/provision/index.js';
import { wantedRights } from '../src/nocobase-client/index.js';
import { RedisConnection } from '../src/shared-store/index.js';
import { upstreamForCommands } from '../src/upstream/index.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';
import { TestNocoBase } from './support/nocobase.js';
import { answerTo, DEAD, signInByPassword } from './support/person-at-nocobase.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

let nocobase: TestNocoBase;
let apiKey: string;
let last = 0;

beforeAll(async () => {
  nocobase = await TestNocoBase.launch();
  const rights = wantedRights([], 'lock');
  const root = { url: nocobase.url, ...nocobase.root, name: 'dingtalk-gateway', authenticator: 'dingtalk' };
  apiKey = (await provision(upstreamForCommands(), { ...root, dryRun: false, rights }, () => undefined))!;
}, 120_000);
afterAll(async () => nocobase?.stop());

interface SignedIn {
  readonly person: string;
  readonly userId: number;
  readonly token: string;
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'leavers-'));

/** A gateway that watches, with its own people. */
class LeaverCase {
  private constructor(
    readonly signIns: SignInCase,
    readonly stateFolder: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(change: Record<string, string> = {}, stateFolder = folder()): Promise<LeaverCase> {
    const environment = {
      ...nocobase.environment,
      NOCOBASE_API_TOKEN: apiKey,
      DINGTALK_CORP_ID: DEMO_CORP_ID,
      DINGTALK_AUTO_SIGN_UP: 'true',
      DINGTALK_LEAVERS: 'lock',
      DINGTALK_EVENTS: 'stream',
      STATE_FOLDER: stateFolder,
      ...change,
    };
    return new LeaverCase(await SignInCase.start(environment), stateFolder, environment);
  }

  /** A command that an administrator would run beside the gateway. */
  async command(...args: readonly string[]) {
    let [out, err, asked] = ['', '', ''];
    const { sandbox, gateway } = this.signIns;
    const code = await run(['leavers', '--lang=en', ...args], {
      environment: {
        PUBLIC_URL: gateway.url,
        AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
        DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
        ...this.environment,
      },
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      colours: false,
      ask: async (question) => {
        asked += question;
        return '';
      },
    });
    return { code, out, err, asked };
  }

  /** A new person, who has signed in and whose userid is known. */
  async employee(): Promise<SignedIn> {
    last += 1;
    const person = `employee-${last}`;
    this.signIns.addPerson({
      id: person,
      name: `Employee ${last}`,
      mobile: `1390000${String(1000 + last)}`,
      stateCode: '86',
      memberships: [{ corpId: DEMO_CORP_ID }],
    });
    const signedIn = await this.signIn(person);
    // It is looked up in the background.
    await eventually(async () => {
      if (!(await this.knows(person))) throw new Error('nobody asked for the userid yet');
    });
    return signedIn;
  }

  async signIn(person: string): Promise<SignedIn> {
    const { token, authenticator } = handedOver((await this.signIns.signIn(person, { corpId: DEMO_CORP_ID })).location);
    return { person, token, userId: (await nocobase.whoIs(token, authenticator)).id };
  }

  useridOf(person: string): string {
    return this.signIns.sandbox.world.userIdOf(person, DEMO_CORP_ID) ?? '';
  }

  /** The stored state, as text. */
  memory(): string {
    const [file] = readdirSync(this.stateFolder).filter((name) => name.endsWith('.json'));
    return file === undefined ? '' : readFileSync(join(this.stateFolder, file), 'utf8');
  }

  async knows(person: string): Promise<boolean> {
    const { REDIS_URL } = this.environment;
    if (REDIS_URL === undefined) return this.memory().includes(this.useridOf(person));
    const { client } = await RedisConnection.open({ mode: 'single', nodes: [REDIS_URL] });
    try {
      const [keys] = await client!.keys('sign-in-gateway:leavers:*:keys');
      return keys !== undefined && (await client!.hexists(keys, this.useridOf(person))) === 1;
    } finally {
      client?.disconnect();
    }
  }

  lines(event: string): Record<string, unknown>[] {
    return this.signIns.gateway.log.filter((line) => line['event'] === event);
  }

  async connected(): Promise<void> {
    await eventually(() => {
      if (this.lines('leaver_stream').at(-1)?.['stream'] !== 'connected') throw new Error('not connected yet');
    });
  }
}

const works = async ({ token }: SignedIn): Promise<boolean> =>
  nocobase.whoIs(token, 'dingtalk').then(
    () => true,
    () => false,
  );

describe('A person who leaves, in a NocoBase without the plugin', () => {
  let running: LeaverCase;

  beforeAll(async () => {
    running = await LeaverCase.start();
    await running.connected();
  });
  afterAll(async () => running?.signIns.close());

  it('loses their session as soon as DingTalk reports it; colleagues keep theirs', async () => {
    const [leaver, colleague] = [await running.employee(), await running.employee()];
    running.signIns.sandbox.world.staff.leave(leaver.person);
    await eventually(async () => expect(await works(leaver)).toBe(false));
    expect(await works(colleague)).toBe(true);
    const said = { conclusion: 'locked', origin: 'event', code: 60121, authenticator: 'dingtalk' };
    // It is logged after the sessions have ended.
    await eventually(() =>
      expect(running.lines('leaver').find(({ userId }) => userId === leaver.userId)).toMatchObject(said),
    );
    expect(JSON.stringify(running.lines('leaver'))).not.toMatch(/Employee|139\d{8}/);
  });

  it('loses sessions that NocoBase created itself, too, even if NocoBase’s clock is ahead', async () => {
    await running.connected();
    const employee = await running.employee();
    const account = { account: employee.person, password: 'Correct-Horse-9' };
    const changes = { username: account.account, password: account.password };
    await nocobase.call('POST', `users:update?filterByTk=${employee.userId}`, changes);
    await nocobase.moveClock(600_000);
    try {
      const { token } = await signInByPassword(nocobase, account);
      expect(await answerTo(nocobase, token!)).toBe('200');
      running.signIns.sandbox.world.staff.leave(employee.person);
      await eventually(async () => expect(await answerTo(nocobase, token!)).toMatch(DEAD));
    } finally {
      await nocobase.moveClock(0);
    }
  });

  it('is no longer admitted by DingTalk, and can sign in again when they are back, with another userid', async () => {
    const leaver = await running.employee();
    running.signIns.sandbox.world.staff.leave(leaver.person);
    await eventually(async () => expect(await works(leaver)).toBe(false));
    running.signIns.sandbox.world.staff.join(leaver.person);
    await eventually(() =>
      expect(running.lines('leaver_returned').map(({ userId }) => userId)).toContain(leaver.userId),
    );
    const { people } = JSON.parse(running.memory()) as { people: Record<string, [userid: string]> };
    expect(Object.values(people).map(([userid]) => userid)).toContain(running.useridOf(leaver.person));
    // NocoBase refuses tokens of the very second in which sessions were ended.
    const again = await eventually(async () => running.signIn(leaver.person));
    expect([again.userId, await works(again), await works(leaver)]).toEqual([leaver.userId, true, false]);
  });

  it('keeps their session if the role is a protected one: an alarm is raised instead', async () => {
    const boss = await running.employee();
    await nocobase.call('POST', `users:update?filterByTk=${boss.userId}`, { roles: ['member', 'admin'] });
    running.signIns.sandbox.world.staff.leave(boss.person);
    await eventually(() =>
      expect(running.lines('leaver').find(({ userId }) => userId === boss.userId)).toMatchObject({
        conclusion: 'protected',
      }),
    );
    expect(await works(boss)).toBe(true);
  });

  it('is not one who is merely out of scope', async () => {
    const hidden = await running.employee();
    const { world } = running.signIns.sandbox;
    world.membership(hidden.person, DEMO_CORP_ID)!.visible = false;
    const before = running.lines('leaver_unclear').length;
    // As if an event arrived for a person who is only hidden.
    const userIds = [running.useridOf(hidden.person)];
    running.signIns.sandbox.events.emit({ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds });
    await eventually(() => expect(running.lines('leaver_unclear').length).toBeGreaterThan(before));
    expect(running.lines('leaver_unclear').at(-1)).toMatchObject({ userId: hidden.userId, why: 'out_of_scope' });
    expect(await works(hidden)).toBe(true);
  });

  it('is stored in a file that only its owner can read, by ids', () => {
    const [file] = readdirSync(running.stateFolder);
    expect(statSync(join(running.stateFolder, file!)).mode & 0o777).toBe(0o600);
    expect(running.memory()).not.toMatch(/Employee|139\d{8}/);
  });
});

describe('The command `leavers`, with a NocoBase without the plugin', () => {
  let quiet: LeaverCase;

  beforeAll(async () => {
    quiet = await LeaverCase.start({ DINGTALK_EVENTS: 'off' });
  });
  afterAll(async () => quiet?.signIns.close());

  it('names the people who have left, and locks nobody; with --lock it ends their sessions', async () => {
    const [leaver, colleague] = [await quiet.employee(), await quiet.employee()];
    quiet.signIns.sandbox.world.staff.leave(leaver.person, { event: false });
    const reported = await quiet.command('--json');
    expect([reported.code, reported.err]).toEqual([1, '']);
    const { leavers, counts } = JSON.parse(reported.out) as { leavers: object[]; counts: object };
    expect(leavers).toContainEqual(
      expect.objectContaining({ userId: leaver.userId, conclusion: 'reported', code: 60121 }),
    );
    expect(counts).toMatchObject({ left: expect.any(Number) as number });
    expect(await works(leaver)).toBe(true);

    const asText = await quiet.command();
    expect(asText.out).toContain('has left; not locked');
    expect(asText.out).toContain(
      'Nobody was locked. To lock them (without the plugin: to end their sessions), add --lock.',
    );
    expect(asText.out + reported.out).not.toMatch(/Employee|139\d{8}/);

    const unconfirmed = await quiet.command('--lock');
    expect(unconfirmed).toMatchObject({ code: 2, out: '' });
    expect(unconfirmed.asked).toMatch(/^This ends the NocoBase sessions .*passwords and API keys keep working/);
    expect(await works(leaver)).toBe(true);

    const locked = await quiet.command('--lock', '--yes', '--json');
    expect(JSON.parse(locked.out)).toMatchObject({ ok: true, end: 'done' });
    expect([locked.code, await works(leaver), await works(colleague)]).toEqual([0, false, true]);
    // Repeated: it is already done.
    expect(await quiet.command()).toMatchObject({ code: 0 });
  });

  it('runs beside a gateway that takes no pushes', async () => {
    const url = `${quiet.signIns.gateway.url}/auth/dingtalk/dingtalk/events`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  it('refuses an unknown name', async () => {
    expect(await quiet.command('--authenticator', 'nobody')).toMatchObject({ code: 2 });
  });
});

describe('Pushes from DingTalk', () => {
  const aesKey = 'k'.repeat(43);
  const REQUESTS_PER_MINUTE = 20;
  let pushed: LeaverCase;

  beforeAll(async () => {
    pushed = await LeaverCase.start({
      DINGTALK_EVENTS: 'push',
      DINGTALK_EVENT_TOKEN: 'token123',
      DINGTALK_EVENT_AES_KEY: aesKey,
      AUTH_RATE_LIMIT_PER_ADDRESS: String(REQUESTS_PER_MINUTE),
    });
  });
  afterAll(async () => pushed?.signIns.close());

  const url = (): string => `${pushed.signIns.gateway.url}/auth/dingtalk/dingtalk/events`;

  it('are answered, and end the sessions of the people whom they name', async () => {
    const { sandbox } = pushed.signIns;
    const registered = { clientId: DEMO_CLIENT_ID, url: url(), token: 'token123', aesKey };
    expect(await sandbox.push.register(registered)).toBe('success');
    const leaver = await pushed.employee();
    sandbox.world.staff.leave(leaver.person);
    await eventually(async () => expect(await works(leaver)).toBe(false));
  });

  it.each([
    ['signature', 'signature'],
    ['stale', 'stale'],
    ['owner', 'other_owner'],
    ['garbage', 'signature'],
    ['replay', 'replayed'],
  ] as const)('are refused if they are not DingTalk’s: %s', async (flaw, reason) => {
    const { sandbox } = pushed.signIns;
    const colleague = await pushed.employee();
    const userIds = [pushed.useridOf(colleague.person)];
    const event = sandbox.events.make({ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds });
    expect(await sandbox.push.attack(DEMO_CLIENT_ID, flaw, event)).not.toBe('success');
    // Each reason is logged once.
    expect(pushed.lines('leaver_push_refused')).toContainEqual(expect.objectContaining({ reason }));
  });

  it('may be long, and are not found for an unknown authenticator', async () => {
    const long = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const answer = await fetch(url(), { ...long, body: JSON.stringify({ encrypt: 'a'.repeat(200_000) }) });
    expect([answer.status, await answer.json()]).toEqual([403, { error: 'refused' }]);
    expect((await fetch(url(), { ...long, body: JSON.stringify({ encrypt: 'a'.repeat(300_000) }) })).status).toBe(400);
    const stranger = url().replace('/dingtalk/events', '/nobody/events');
    expect((await fetch(stranger, { ...long, body: '{}' })).status).toBe(404);
    expect(JSON.stringify(pushed.signIns.gateway.log)).not.toContain('msg_signature');
  });

  it('get through a flood of refused calls from the same address, which are limited', async () => {
    const leaver = await pushed.employee();
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const flood = await Promise.all(Array.from({ length: REQUESTS_PER_MINUTE }, async () => fetch(url(), json)));
    expect(flood.map(({ status }) => status)).toContain(429);
    const refused = await fetch(url(), json);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);

    pushed.signIns.sandbox.world.staff.leave(leaver.person);
    await eventually(async () => expect(await works(leaver)).toBe(false));
  });
});

describe('Report only', () => {
  it('locks nobody', async () => {
    const reporting = await LeaverCase.start({ DINGTALK_LEAVERS: 'report' });
    try {
      await reporting.connected();
      const leaver = await reporting.employee();
      reporting.signIns.sandbox.world.staff.leave(leaver.person);
      await eventually(() =>
        expect(reporting.lines('leaver').at(-1)).toMatchObject({ userId: leaver.userId, conclusion: 'reported' }),
      );
      expect(await works(leaver)).toBe(true);
    } finally {
      await reporting.signIns.close();
    }
  });
});

/** A gateway as an operator runs it, which can be killed; people sign in at another one that shares its state. */
async function processWatching(quiet: LeaverCase, change: Record<string, string>): Promise<GatewayProcess> {
  const { sandbox } = quiet.signIns;
  return GatewayProcess.start(
    {
      ...nocobase.environment,
      NOCOBASE_API_TOKEN: apiKey,
      DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
      DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      DINGTALK_LOGIN_URL: sandbox.loginUrl,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
      DINGTALK_CORP_ID: DEMO_CORP_ID,
      DINGTALK_LEAVERS: 'lock',
      DINGTALK_EVENTS: 'stream',
      STATE_FOLDER: quiet.stateFolder,
      ...change,
    },
    await freePort(),
  );
}

/** An event is noted while DingTalk does not answer; then the process is killed, and the next one completes the work. */
async function killedInBetween(quiet: LeaverCase, change: Record<string, string> = {}): Promise<void> {
  const { sandbox } = quiet.signIns;
  const leaver = await quiet.employee();
  // From here on, only the process watches.
  await quiet.signIns.gateway.close();
  const first = await processWatching(quiet, change);
  await eventually(() => expect(sandbox.stream.connections()).toHaveLength(1));
  sandbox.failures.set('getUser', 'timeout-504');
  sandbox.world.staff.leave(leaver.person);
  const asked = (): number => sandbox.requests.filter(({ operation }) => operation === 'getUser').length;
  const before = asked();
  await eventually(() => expect(asked()).toBeGreaterThan(before));
  await first.kill();
  expect(await works(leaver)).toBe(true);
  sandbox.failures.clear();
  const second = await processWatching(quiet, change);
  try {
    await eventually(async () => expect(await works(leaver)).toBe(false), 60_000);
  } finally {
    await second.kill();
  }
}

describe('A gateway that is killed between an event and its completion', () => {
  it('ends the sessions after its next start, from its file', async () => {
    const quiet = await LeaverCase.start({ DINGTALK_EVENTS: 'off' });
    try {
      await killedInBetween(quiet);
    } finally {
      await quiet.signIns.sandbox.close();
    }
  }, 120_000);

  describeWith('redis', 'with Redis', (program) => {
    it('does so from there', async () => {
      const redis = await TestRedis.start(program);
      const quiet = await LeaverCase.start({ DINGTALK_EVENTS: 'off', REDIS_URL: redis.url });
      try {
        await killedInBetween(quiet, { REDIS_URL: redis.url });
      } finally {
        await quiet.signIns.sandbox.close();
        await redis.stop();
      }
    }, 120_000);
  });
});
