import type { IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';
import { DEMO_CORP_ID, type Sandbox } from '../sandbox/index.js';
import { eventually } from './support/eventually.js';
import { TestNocoBase } from './support/nocobase.js';
import { NocoBaseProxy } from './support/nocobase-proxy.js';
import { readiness } from './support/readiness.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

/** Longer than the watch's retries take (`LeaverWatch`). */
const AGAIN_MS = 60_000;
/** The leavers must be less than half of all bound people. */
const COLLEAGUES = 8;

interface SignedIn {
  readonly person: string;
  readonly userId: number;
  readonly token: string;
}

describeWith('redis', 'A gateway in stock mode whose Redis is killed while people leave', (program) => {
  let redis: TestRedis;
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let signIns: SignInCase;
  let sandbox: Sandbox;
  let colleague: SignedIn;
  let last = 0;

  beforeAll(async () => {
    [redis, nocobase] = await Promise.all([TestRedis.start(program, { keeps: true }), TestNocoBase.launch()]);
    proxy = await NocoBaseProxy.before(nocobase.url);
    signIns = await SignInCase.start({
      ...nocobase.environment,
      NOCOBASE_URL: proxy.url,
      DINGTALK_CORP_ID: DEMO_CORP_ID,
      DINGTALK_AUTO_SIGN_UP: 'true',
      DINGTALK_LEAVERS: 'lock',
      DINGTALK_EVENTS: 'stream',
      REDIS_URL: redis.url,
    });
    ({ sandbox } = signIns);
    await eventually(() => {
      if (sandbox.stream.connections().length !== 1) throw new Error('not connected yet');
    });
    colleague = await employee();
    for (let count = 0; count < COLLEAGUES; count += 1) await employee();
  }, 180_000);

  afterAll(async () => {
    await signIns?.close();
    await proxy?.close();
    await Promise.all([nocobase?.stop(), redis?.remove()]);
  });

  async function employee(): Promise<SignedIn> {
    last += 1;
    const person = `employee-${last}`;
    const mobile = `1390000${String(1000 + last)}`;
    signIns.addPerson({ id: person, name: person, mobile, stateCode: '86', memberships: [{ corpId: DEMO_CORP_ID }] });
    const { token, authenticator } = handedOver((await signIns.signIn(person, { corpId: DEMO_CORP_ID })).location);
    const { id } = await nocobase.whoIs(token, authenticator);
    // The userid is requested in the background.
    await eventually(async () => expect(await userids()).toContain(sandbox.world.userIdOf(person, DEMO_CORP_ID)));
    return { person, token, userId: id };
  }

  async function userids(): Promise<string[]> {
    const client = new Redis(redis.url);
    try {
      const [keys] = await client.keys('sign-in-gateway:leavers:*:keys');
      return keys === undefined ? [] : await client.hkeys(keys);
    } finally {
      client.disconnect();
    }
  }

  const isIn = async ({ token }: SignedIn): Promise<boolean> =>
    nocobase.whoIs(token, 'dingtalk').then(
      () => true,
      () => false,
    );
  const deliveryOf = (eventId: string) => sandbox.stream.deliveries.findLast((one) => one.eventId === eventId);
  const lines = (event: string) => signIns.gateway.log.filter((line) => line['event'] === event);
  const isReady = async (status: number): Promise<void> => {
    const { status: said } = await readiness(signIns.gateway.url, (answer) => answer.status === status);
    expect(said).toBe(status);
  };

  const saysThatItIsAway = async (step: string): Promise<void> =>
    eventually(() => {
      const line = lines('leaver_watch_failed').find((one) => one['step'] === step);
      expect(line).toMatchObject({ reason: expect.stringMatching(/^Redis: /) as string });
    });

  /** Resolves when the gateway has noticed. */
  async function die(): Promise<void> {
    await redis.stop();
    await isReady(503);
  }

  async function comeBack(): Promise<void> {
    await redis.startAgain();
    await isReady(200);
  }

  /** Kills Redis while NocoBase is asked this about the person, once. */
  function diesWhileNocoBaseIsAsked(action: string, { userId }: SignedIn): Promise<void> {
    return new Promise((resolve) => {
      let hasDied = false;
      const isAbout = ({ url = '' }: IncomingMessage): boolean =>
        new RegExp(`\\b(?:userId|id|filterByTk)\\W+(?:\\$eq\\W+)?${userId}\\b`).test(decodeURIComponent(url));
      proxy.failOn(action, async (request) => {
        if (hasDied || !isAbout(request)) return 'pass';
        hasDied = true;
        await die();
        resolve();
        return 'pass';
      });
    });
  }

  function diesWhileDingTalkIsAsked(): Promise<void> {
    return new Promise((resolve) => {
      sandbox.after({ calls: 0, operation: 'getUser' }, () => {
        const until = die();
        sandbox.failures.set('getUser', { until }, { times: 1 });
        void until.then(resolve);
      });
    });
  }

  it('ends their sessions, and nobody else’s, at whichever step Redis was killed, once it is back with its file', async () => {
    const leavers: SignedIn[] = [];
    const events: string[] = [];
    const leaves = (leaver: SignedIn): void => {
      leavers.push(leaver);
      sandbox.world.staff.leave(leaver.person);
      events.push(sandbox.stream.deliveries.at(-1)!.eventId);
    };
    const leavesAnd = async (dies: (leaver: SignedIn) => Promise<void>): Promise<void> => {
      const leaver = await employee();
      const dead = dies(leaver);
      leaves(leaver);
      await dead;
    };

    // A hint that could not be stored is not acknowledged.
    const unheard = await employee();
    await die();
    leaves(unheard);
    await saysThatItIsAway('note');
    await eventually(() => expect(deliveryOf(events[0]!)).toMatchObject({ outcome: 'LATER' }));
    expect(await isIn(unheard)).toBe(true);
    await comeBack();
    sandbox.clock.advance(10_000);
    await eventually(async () => expect(await isIn(unheard)).toBe(false));

    await leavesAnd(diesWhileDingTalkIsAsked);
    await saysThatItIsAway('hint');
    await comeBack();

    for (const action of ['usersAuthenticators:list', 'users:list', 'users:update']) {
      await leavesAnd(async (leaver) => diesWhileNocoBaseIsAsked(action, leaver));
      await comeBack();
    }

    const isOver = async (): Promise<void> => {
      expect(await Promise.all(leavers.map(isIn))).toEqual(leavers.map(() => false));
      expect(events.map((id) => deliveryOf(id)?.outcome)).toEqual(events.map(() => 'SUCCESS'));
    };
    await eventually(isOver, AGAIN_MS);
    expect(await isIn(colleague)).toBe(true);
  }, 180_000);

  it('locks nobody by mistake after Redis lost its data, and locks the next leaver', async () => {
    const leaver = await employee();
    const dead = diesWhileDingTalkIsAsked();
    sandbox.world.staff.leave(leaver.person);
    await dead;
    redis.loseFile();
    await comeBack();
    expect(await userids()).toEqual([]);

    const next = await employee();
    sandbox.world.staff.leave(next.person);
    await eventually(async () => expect(await isIn(next)).toBe(false), AGAIN_MS);
    expect(await isIn(colleague)).toBe(true);
  }, 180_000);
});
