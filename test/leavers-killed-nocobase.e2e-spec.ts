import { DEMO_CORP_ID, type Operation, type Sandbox, startSandbox } from '../sandbox/index.js';
import { acknowledged } from './support/acknowledged.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { KilledNocoBase } from './support/killed-nocobase.js';
import { answerTo, enter, type PersonAtNocoBase } from './support/person-at-nocobase.js';

const OUT = ['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN'];
const IN = ['200', '200'];
/** One leaver must be less than half of all bound people. */
const COLLEAGUES = 3;
/** Longer than the lease on hints (`LeaverWatch`), and than the hour in which the brake counts locks: nothing delays a test. */
const LATER_MS = 3_700_000;
/** For several starts of NocoBase on a busy machine. */
const TIMEOUT_MS = 180_000;

/** Statements of a lock, in this order; the last one is of an unlock. */
const HINT = 'INSERT INTO .dingtalk_leaver_hints';
const LOCK = 'INSERT INTO .dingtalkLocks';
const SESSIONS = 'FROM .issuedTokens';
const COMMIT = 'COMMIT';
const DONE = 'UPDATE .dingtalk_leaver_hints';
const UNLOCK = 'UPDATE .dingtalkLocks';

interface Lock {
  readonly origin: string;
  readonly undoneAt: string | null;
}

describe('A NocoBase that is killed while a person leaves', () => {
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
    // DingTalk repeats an event that was not acknowledged.
    sandbox.clock.advance(10_000);
    await eventually(async () => expect(await answers(leaver)).toEqual(OUT));
    expect(await answers(colleague)).toEqual(IN);
    expect(await locksOf(leaver)).toMatchObject([{ origin: 'ours', undoneAt: null }]);
    await acknowledged(sandbox);
  }

  async function isKilled(): Promise<void> {
    expect(await nocobase.now.death.ended).toBe('SIGKILL');
    await nocobase.startAgain(LATER_MS);
    await connected();
  }

  it.each([
    ['the hint is stored', HINT],
    ['the lock is written', LOCK],
    ['the sessions end', LOCK, SESSIONS],
    ['the lock is committed', LOCK, SESSIONS, COMMIT],
    ['the hint is done', LOCK, SESSIONS, COMMIT, DONE],
  ])(
    'locks that person, and nobody else, after it was killed before %s',
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
    ['about another userid', 'getByUnionId', 0],
    ['about a colleague', 'getUser', 1],
  ])(
    'locks that person after it was killed while DingTalk was asked %s',
    async (_what, operation, before) => {
      const { ended } = nocobase.now.death;
      const kill = (): void => {
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
    ['the sessions end', UNLOCK, SESSIONS],
    ['the unlock is committed', UNLOCK, COMMIT],
    ['the hint is done', UNLOCK, COMMIT, DONE],
  ])(
    'unlocks the person, who has returned, after it was killed before %s',
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
