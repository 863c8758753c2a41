import { DEMO_CORP_ID, type Operation, type Sandbox, startSandbox } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { KilledNocoBase } from './support/killed-nocobase.js';
import { answerTo, enter, type PersonAtNocoBase } from './support/person-at-nocobase.js';

const OUT = ['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN'];
const IN = ['200', '200'];
/** One who leaves is no half of those who are bound. */
const COLLEAGUES = 3;
/** A NocoBase's start, twice on a busy machine. */
const TIMEOUT_MS = 180_000;

/** Of the statements by which somebody is locked, in their order. */
const HINT = 'INSERT INTO .dingtalk_leaver_hints';
const LOCK = 'INSERT INTO .dingtalkLocks';
const SESSIONS = 'UPDATE .users. SET .*passwordChangeTz';
const COMMIT = 'COMMIT';
const DONE = 'UPDATE .dingtalk_leaver_hints';
const UNLOCK = 'UPDATE .dingtalkLocks';

interface Lock {
  readonly origin: string;
  readonly undoneAt: string | null;
}

describe('A NocoBase that watches who leaves and is killed meanwhile', () => {
  let sandbox: Sandbox;
  let nocobase: KilledNocoBase;
  let colleague: PersonAtNocoBase;
  let leaver: PersonAtNocoBase;
  let last = 0;

  beforeAll(async () => {
    sandbox = await startSandbox();
    nocobase = await KilledNocoBase.launch(sandbox);
    const settings = { leavers: 'lock', events: 'stream', identity: 'member' };
    await here().configure('dingtalk', settings);
    colleague = await enter(here(), 'han-meimei');
    for (let count = 0; count < COLLEAGUES; count += 1) await somebody();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await nocobase?.stop();
    await sandbox?.close();
  });

  beforeEach(async () => {
    await connected();
    leaver = await somebody();
  });

  const here = (): AloneCase => AloneCase.at(nocobase.now, sandbox);
  const answers = async ({ session, apiKey }: PersonAtNocoBase): Promise<string[]> =>
    Promise.all([session, apiKey].map(async (token) => answerTo(nocobase.now, token)));
  const connected = async (): Promise<void> => eventually(() => expect(sandbox.stream.connections()).toHaveLength(1));

  async function somebody(): Promise<PersonAtNocoBase> {
    last += 1;
    const id = `person-${last}`;
    const mobile = `1390000${String(1000 + last)}`;
    sandbox.world.addPerson({ id, name: id, mobile, stateCode: '86', memberships: [{ corpId: DEMO_CORP_ID }] });
    return enter(here(), id);
  }

  const locksOf = async ({ userId }: PersonAtNocoBase): Promise<Lock[]> =>
    nocobase.now.call('GET', `dingtalkLocks:list?filter=${JSON.stringify({ userId })}`);

  async function isOut(): Promise<void> {
    // What was not acknowledged comes again.
    sandbox.clock.advance(10_000);
    await eventually(async () => expect(await answers(leaver)).toEqual(OUT));
    expect(await answers(colleague)).toEqual(IN);
    expect(await locksOf(leaver)).toMatchObject([{ origin: 'ours', undoneAt: null }]);
    await eventually(() => expect(sandbox.stream.deliveries.at(-1)).toMatchObject({ outcome: 'SUCCESS' }));
  }

  async function isKilled(): Promise<void> {
    expect(await nocobase.now.death.ended).toBe('SIGKILL');
    await nocobase.startAgain();
    await connected();
  }

  it.each([
    ['its hint is noted', HINT],
    ['the lock is written', LOCK],
    ['the sessions end', LOCK, SESSIONS],
    ['the lock is committed', LOCK, SESSIONS, COMMIT],
    ['the hint is done', LOCK, SESSIONS, COMMIT, DONE],
  ])(
    'locks who left, and nobody else, when it was killed before %s',
    async (_step, ...statements) => {
      await nocobase.now.death.killBefore(...statements);
      sandbox.world.staff.leave(leaver.account.account);
      await isKilled();
      await isOut();
    },
    TIMEOUT_MS,
  );

  it.each<[string, Operation, number]>([
    ['about the person', 'getUser', 0],
    ['whether they have another userid', 'getByUnionId', 0],
    ['about a colleague', 'getUser', 1],
  ])(
    'does so when it was killed while DingTalk is asked %s',
    async (_what, operation, before) => {
      const { ended } = nocobase.now.death;
      const kill = (): void => {
        // Nobody is answered any more.
        sandbox.failures.set(operation, { until: ended }, { times: 1 });
        nocobase.now.death.kill();
      };
      sandbox.after({ calls: before, operation }, kill);
      sandbox.world.staff.leave(leaver.account.account);
      await isKilled();
      await isOut();
    },
    TIMEOUT_MS,
  );

  it.each([
    ['the sessions from before end', UNLOCK, SESSIONS],
    ['that is committed', UNLOCK, COMMIT],
    ['the hint is done', UNLOCK, COMMIT, DONE],
  ])(
    'lets in again who is back when it was killed before %s',
    async (_step, ...statements) => {
      sandbox.world.staff.leave(leaver.account.account);
      await isOut();
      await nocobase.now.death.killBefore(...statements);
      sandbox.world.staff.join(leaver.account.account);
      await isKilled();
      await eventually(async () => expect(await answerTo(nocobase.now, leaver.apiKey)).toBe('200'));
      expect(await answerTo(nocobase.now, leaver.session)).toMatch(/^401 /);
      expect(await locksOf(leaver)).toMatchObject([{ origin: 'ours', undoneAt: expect.any(String) as string }]);
    },
    TIMEOUT_MS,
  );
});
