import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { acknowledged } from './support/acknowledged.js';
import { Browser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import { KilledNocoBase } from './support/killed-nocobase.js';
import { answerTo, enter, type PersonAtNocoBase } from './support/person-at-nocobase.js';
import { PluginBrowser, type Redeemed } from './support/plugin-browser.js';

/** Longer than the watch's retries take (`LeaverWatch`). */
const AGAIN_MS = 90_000;
/** For several starts of NocoBase on a busy machine. */
const TIMEOUT_MS = 300_000;
/** The leavers must be less than half of all bound people. */
const COLLEAGUES = 5;

describe('A gateway whose NocoBase is killed while people leave', () => {
  let sandbox: Sandbox;
  let nocobase: KilledNocoBase;
  let gateway: RunningGateway;
  let colleague: PersonAtNocoBase;
  const leavers: PersonAtNocoBase[] = [];
  let last = 0;

  beforeAll(async () => {
    sandbox = await startSandbox();
    nocobase = await KilledNocoBase.launch(sandbox);
    const port = await freePort();
    const options = {
      gatewayUrl: `http://127.0.0.1:${port}`,
      nocobaseUrl: nocobase.now.url,
      clientId: DEMO_CLIENT_ID,
      clientSecret: DEMO_CLIENT_SECRET,
      corpIds: [DEMO_CORP_ID],
      identity: 'member',
      leavers: 'lock',
      events: 'stream',
    };
    const filter = JSON.stringify({ name: 'dingtalk' });
    await nocobase.now.call('POST', `authenticators:update?filter=${filter}`, { enabled: true, options });
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${options.gatewayUrl}/auth/dingtalk/dingtalk/callback`);
    gateway = await startGateway(
      {
        AUTHENTICATORS_SOURCE: 'nocobase',
        NOCOBASE_URL: nocobase.now.url,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
      },
      { port, watchesLeavers: true },
    );
    await eventually(() => {
      if (sandbox.stream.connections().length !== 1) throw new Error('not connected yet');
    });
    colleague = await somebody();
    for (let count = 1; count < COLLEAGUES; count += 1) await somebody();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await gateway?.close();
    await nocobase?.stop();
    await sandbox?.close();
  });

  async function signIn(personId: string): Promise<Redeemed> {
    const [own, browser] = [new PluginBrowser(nocobase.now.api), new Browser()];
    const consent = (await browser.get((await own.start()).location.href)).location;
    const back = (await browser.get(await sandbox.approve(consent, personId, DEMO_CORP_ID))).location;
    return own.redeem(new URL(back).hash.replace('#ticket=', ''));
  }

  async function somebody(): Promise<PersonAtNocoBase> {
    last += 1;
    const id = `person-${last}`;
    const mobile = `1390000${String(1000 + last)}`;
    sandbox.world.addPerson({ id, name: id, mobile, stateCode: '86', memberships: [{ corpId: DEMO_CORP_ID }] });
    return enter({ nocobase: nocobase.now, sandbox, signIn }, id);
  }

  const answers = async ({ session, apiKey }: PersonAtNocoBase): Promise<string[]> =>
    Promise.all([session, apiKey].map(async (token) => answerTo(nocobase.now, token)));
  const saysThatItIsAway = async (step: string): Promise<void> =>
    eventually(() => {
      const line = gateway.log.find((one) => one['event'] === 'leaver_watch_failed' && one['step'] === step);
      expect(line).toMatchObject({ reason: expect.stringMatching(/NocoBase dingtalk:book/) as string });
    });

  /** @returns the event */
  async function leaves(arm: () => Promise<void> | void): Promise<string> {
    const leaver = await somebody();
    leavers.push(leaver);
    await arm();
    sandbox.world.staff.leave(leaver.account.account);
    expect(await nocobase.now.death.ended).toBe('SIGKILL');
    return sandbox.stream.deliveries.at(-1)!.eventId;
  }

  it(
    'goes on at every step: the leavers are locked, and nobody else; the log names what is down',
    async () => {
      const { killBefore } = nocobase.now.death;
      const events = [await leaves(async () => killBefore('INSERT INTO .dingtalk_leaver_hints'))];
      await saysThatItIsAway('note');
      await eventually(() => expect(sandbox.stream.deliveries.at(-1)).toMatchObject({ outcome: 'LATER' }));
      await nocobase.startAgain();
      sandbox.clock.advance(10_000);

      const dies = (): void => {
        const { kill, ended } = nocobase.now.death;
        sandbox.failures.set('getUser', { until: ended }, { times: 1 });
        kill();
      };
      events.push(await leaves(() => sandbox.after({ calls: 0, operation: 'getUser' }, dies)));
      await saysThatItIsAway('hint');
      await nocobase.startAgain();

      const lock = ['INSERT INTO .dingtalkLocks', 'COMMIT'];
      events.push(await leaves(async () => nocobase.now.death.killBefore(...lock)));
      await nocobase.startAgain();

      events.push(await leaves(async () => nocobase.now.death.killBefore(...lock, 'UPDATE .dingtalk_leaver_hints')));
      await nocobase.startAgain();

      await eventually(async () => {
        const out = ['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN'];
        expect(await Promise.all(leavers.map(answers))).toEqual(leavers.map(() => out));
      }, AGAIN_MS);
      expect(await answers(colleague)).toEqual(['200', '200']);
      for (const eventId of events) await acknowledged(sandbox, eventId);
      const userIds = leavers.map(({ userId }) => userId);
      const locks = await nocobase.now.list('dingtalkLocks', { undoneAt: null }, 'userId');
      expect(locks.map(({ userId }) => userId)).toEqual(expect.arrayContaining(userIds));
      expect(locks).toHaveLength(leavers.length);
    },
    TIMEOUT_MS,
  );
});
