import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { type Answer, Browser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess, MAIN } from './support/gateway-process.js';
import { NocoBaseProxy, type ProxyFault } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { rawRequest } from './support/raw-request.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { handedOver } from './support/sign-in-case.js';
import { SESSION_TOKEN } from './support/session-token.js';

type Outcome = [status: number, errorCode: string | undefined];
const outcomeOf = (answer: Answer): Outcome => [answer.status, answer.errorCode];
const IN: Outcome = [303, undefined];
const AWAY: Outcome = [503, 'temporarily_unavailable'];

/** Whether an answer arrived at all. */
const outcomeOfAttempt = async (attempt: Promise<Answer>): Promise<string> =>
  attempt.then(
    ({ status }) => `HTTP ${status}`,
    () => 'broken off',
  );

const dropped: ProxyFault = (request) => void request.socket.destroy();

let lastNumber = 13_400_000_000;
const newMobile = (): string => String((lastNumber += 1));
let lastPerson = 0;

describe('The built gateway, as a process', () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let sandbox: Sandbox;
  let port: number;
  const started: GatewayProcess[] = [];

  beforeAll(async () => {
    if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: run `npm run build` first, as `npm test` does');
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    sandbox = await startSandbox();
  }, 120_000);

  beforeEach(async () => {
    port = await freePort();
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`http://127.0.0.1:${port}/auth/dingtalk/dingtalk/callback`);
    sandbox.requests.length = 0;
  });

  afterEach(async () => {
    proxy.heal();
    sandbox.failures.clear();
    await Promise.all(started.splice(0).map(async (gateway) => gateway.kill()));
  });

  afterAll(async () => {
    await Promise.all([sandbox?.close(), proxy?.close(), nocobase?.stop()]);
  });

  async function start(environment: Record<string, string> = {}): Promise<GatewayProcess> {
    const made = await GatewayProcess.start(
      {
        DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
        ...nocobase.environment,
        NOCOBASE_URL: proxy.url,
        NOCOBASE_PUBLIC_URL: nocobase.url,
        ...environment,
      },
      port,
    );
    started.push(made);
    return made;
  }

  function newPerson() {
    const id = `process-${(lastPerson += 1)}`;
    const mobile = newMobile();
    sandbox.world.addPerson({ id, name: 'Somebody', mobile, stateCode: '86', memberships: [{ corpId: 'dingcorp1' }] });
    return { id, mobile, unionId: sandbox.world.unionIdOf(id, DEMO_CLIENT_ID) };
  }

  async function onTheWayBack(gateway: GatewayProcess, personId: string, browser = new Browser()) {
    const { location } = await browser.get(`${gateway.url}/auth/dingtalk`);
    return { browser, callback: await sandbox.approve(location, personId) };
  }

  async function signIn(gateway: GatewayProcess, personId: string, jar = new Browser()): Promise<Answer> {
    const { browser, callback } = await onTheWayBack(gateway, personId, jar);
    return browser.get(callback);
  }

  async function isServed(operation: string): Promise<void> {
    while (!sandbox.requests.some((request) => request.operation === operation)) await delay(5);
  }

  async function expectOneUser(answer: Answer, person: { mobile: string; unionId: string }): Promise<void> {
    expect(outcomeOf(answer)).toEqual(IN);
    const { token, authenticator } = handedOver(answer.location);
    const { id } = await nocobase.whoIs(token, authenticator);
    expect(await nocobase.bindingsOf(person.unionId)).toEqual([expect.objectContaining({ userId: id })]);
    const filter = { phone: { $includes: person.mobile } };
    expect(await nocobase.list('users', filter, 'id')).toEqual([expect.objectContaining({ id })]);
  }

  describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
    it('finishes a sign-in in progress, accepts no new ones, and exits with 0', async () => {
      const gateway = await start();
      const person = newPerson();
      const { browser, callback } = await onTheWayBack(gateway, person.id);
      sandbox.failures.set('userAccessToken', { delayMs: 1500 });
      sandbox.failures.set('currentUser', { delayMs: 500 });
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const running = rawRequest(callback, { headers: { cookie, accept: 'text/html' } });
      await isServed('userAccessToken');

      gateway.child.kill(signal);
      await eventually(async () =>
        expect(fetch(`${gateway.url}/health/live`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } }),
      );
      expect(await gateway.endsWithin(0)).toBe('still running');

      const { status, headers } = await running;
      expect(status).toBe(303);
      const { token, authenticator } = handedOver(headers.location!);
      const { id } = await nocobase.whoIs(token, authenticator);
      expect(await nocobase.bindingsOf(person.unionId)).toEqual([expect.objectContaining({ userId: id })]);
      expect(await gateway.ended).toEqual({ code: 0, signal: null });
    });
  });

  // Otherwise the answer says keep-alive, nothing closes the connection after it, and the process waits for Fastify's 72 seconds.
  it('exits soon after the last answer to a browser that keeps its connection', async () => {
    const gateway = await start();
    const { browser, callback } = await onTheWayBack(gateway, newPerson().id);
    sandbox.failures.set('userAccessToken', { delayMs: 500 });
    const running = browser.get(callback);
    await isServed('userAccessToken');
    gateway.child.kill('SIGTERM');
    expect(outcomeOf(await running)).toEqual(IN);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('exits immediately with 0 if nothing is in progress, whether browsers have open connections or not', async () => {
    const gateway = await start();
    // fetch keeps this connection.
    expect(await gateway.health('live')).toBe(200);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.output).not.toMatch(/Unhandled|deprecat|stack/i);
  });

  it('exits soon after SIGTERM despite a connection with nothing, or half a request, on it', async () => {
    const gateway = await start();
    const sockets: Socket[] = [];
    for (const text of ['', 'GET /health/live HTTP/1.1\r\nHost: x\r\n']) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      if (text !== '') socket.write(text);
      sockets.push(socket);
    }
    // Connections are accepted in order: those two came before this one.
    expect(await gateway.health('live')).toBe(200);
    gateway.child.kill('SIGTERM');
    const end = await gateway.ended;
    for (const socket of sockets) socket.destroy();
    expect(end).toEqual({ code: 0, signal: null });
  });

  it.each(['userAccessToken', 'currentUser'] as const)(
    'killed while it waits for %s: the person starts again and gets in, as one user',
    async (operation) => {
      const person = newPerson();
      const gateway = await start();
      const { browser, callback } = await onTheWayBack(gateway, person.id);
      sandbox.failures.set(operation, { delayMs: 3000 }, { times: 1 });
      const running = outcomeOfAttempt(browser.get(callback));
      await isServed(operation);
      await gateway.kill();
      expect(await running).toBe('broken off');

      const next = await start();
      // Reloading: the code was used up, and nothing worse happens.
      const reloaded = await browser.get(callback);
      expect(reloaded.status).toBeGreaterThanOrEqual(400);
      expect(reloaded.text).not.toMatch(SESSION_TOKEN);
      await expectOneUser(await signIn(next, person.id, browser), person);
    },
  );

  it.each(['authenticators/dingtalk/users:create', 'issuedTokens:create'])(
    'killed just after NocoBase did %s: the person starts again and gets in, as one user',
    async (action) => {
      const person = newPerson();
      const gateway = await start();
      const { browser, callback } = await onTheWayBack(gateway, person.id);
      let done = (): void => undefined;
      const carriedOut = new Promise<void>((resolve) => (done = resolve));
      proxy.failOn(action, (request) => {
        const run = async (): Promise<void> => {
          let body = '';
          for await (const chunk of request) body += String(chunk);
          const { authorization = '' } = request.headers;
          const headers = { authorization, 'content-type': 'application/json' };
          await fetch(nocobase.url + request.url, { method: 'POST', headers, body });
          done();
        };
        void run();
      });
      const running = outcomeOfAttempt(browser.get(callback));
      await carriedOut;
      await gateway.kill();
      expect(await running).toBe('broken off');
      proxy.heal();
      await expectOneUser(await signIn(await start(), person.id, browser), person);
    },
  );

  it('starts while NocoBase is down, reports it, and is ready as soon as NocoBase is up', async () => {
    proxy.failOn('*', dropped);
    const gateway = await start();
    expect([await gateway.health('live'), await gateway.health('ready')]).toEqual([200, 503]);
    expect(outcomeOf(await signIn(gateway, newPerson().id))).toEqual(AWAY);
    proxy.heal();
    expect(await gateway.becomesReady()).toBe(true);
    const person = newPerson();
    await expectOneUser(await signIn(gateway, person.id), person);
  });

  it('does not start a second time on the same port, and gives the reason without a secret', async () => {
    await start();
    const second = await start().catch((error: unknown) => error);
    expect(String(second)).toContain('EADDRINUSE');
    expect(String(second)).not.toContain(nocobase.apiKey);
    expect(String(second)).not.toContain(DEMO_CLIENT_SECRET);
  });

  it('writes only JSON to its output, whatever happens', async () => {
    const gateway = await start({ LOG_LEVEL: 'trace' });
    sandbox.failures.set('currentUser', 'html-ban', { times: 1 });
    await signIn(gateway, newPerson().id);
    await signIn(gateway, newPerson().id);
    gateway.child.kill('SIGTERM');
    await gateway.ended;
    const lines = gateway.output.trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    for (const secret of [nocobase.apiKey, nocobase.jwtSecret, DEMO_CLIENT_SECRET]) {
      expect(gateway.output).not.toContain(secret);
    }
  });

  describeWith('redis', 'with Redis', (program) => {
    it('starts while Redis is down: alive, not ready, a clear page; recovers by itself', async () => {
      const redis = await TestRedis.start(program);
      await redis.stop();
      try {
        const gateway = await start({ REDIS_URL: redis.url });
        expect(await gateway.health('live')).toBe(200);
        expect(await gateway.health('ready')).toBe(503);
        const person = newPerson();
        const { browser, callback } = await onTheWayBack(gateway, person.id);
        const refused = await browser.get(callback);
        expect(outcomeOf(refused)).toEqual(AWAY);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(sandbox.requests.some(({ operation }) => operation === 'userAccessToken')).toBe(false);

        await redis.startAgain();
        expect(await gateway.becomesReady()).toBe(true);
        await expectOneUser(await signIn(gateway, person.id), person);
      } finally {
        await redis.stop();
      }
    });

    it('exits with 0 after SIGTERM although Redis is down', async () => {
      const redis = await TestRedis.start(program);
      const gateway = await start({ REDIS_URL: redis.url });
      await redis.stop();
      await eventually(async () => expect(await gateway.health('ready')).toBe(503));
      gateway.child.kill('SIGTERM');
      expect(await gateway.ended).toEqual({ code: 0, signal: null });
    });

    it('killed halfway, has already used the state up for any later attempt', async () => {
      const redis = await TestRedis.start(program);
      try {
        const person = newPerson();
        const gateway = await start({ REDIS_URL: redis.url });
        const { browser, callback } = await onTheWayBack(gateway, person.id);
        sandbox.failures.set('userAccessToken', { delayMs: 3000 }, { times: 1 });
        const running = outcomeOfAttempt(browser.get(callback));
        await isServed('userAccessToken');
        await gateway.kill();
        await running;
        const next = await start({ REDIS_URL: redis.url });
        expect(outcomeOf(await browser.get(callback))).toEqual([400, 'invalid_state']);
        await expectOneUser(await signIn(next, person.id, browser), person);
      } finally {
        await redis.stop();
      }
    });
  });
});
