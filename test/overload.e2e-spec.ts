import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Test, type TestingModule } from '@nestjs/testing';
import { z } from 'zod';
import type { Failure } from '../sandbox/index.js';
import { UpstreamBusyError, UpstreamHttpClient, withTimeBudget } from '../src/core/upstream/index.js';
import { UpstreamModule } from '../src/upstream/index.js';
import { type Answer, Browser } from './support/browser.js';
import { answering, NocoBaseProxy, type ProxyFault } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

/**
 * The gateway's limits: simultaneous calls to one upstream, waiting calls, failures in a row, and the open state of the circuit
 * breaker in ms.
 */
const MAX_CONCURRENT = 32;
const MAX_WAITING = 256;
const FAILURES_TO_OPEN = 20;
const REST_MS = 2000;

let lastNumber = 13_500_000_000;
const newMobile = (): string => String((lastNumber += 1));
let lastPerson = 0;

type Outcome = [status: number, errorCode: string | undefined];
const outcomeOf = (answer: Answer): Outcome => [answer.status, answer.errorCode];
const IN: Outcome = [303, undefined];
const LIMITED: Outcome = [429, 'rate_limited'];
const AWAY: Outcome = [503, 'temporarily_unavailable'];
const LATE: Outcome = [504, 'temporarily_unavailable'];

const reset: ProxyFault = (request) => void request.socket.resetAndDestroy();
const unavailable = answering(503, '{"errors":[{"code":"APP_PREPARING"}]}');
/** The header immediately, then a space now and then. */
const dripping: ProxyFault = (request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 200);
  response.on('close', () => clearInterval(timer));
};

/** Fails this many times, then passes on. */
function times(count: number, proxy: NocoBaseProxy, action: string, fault: ProxyFault): void {
  let left = count;
  proxy.failOn(action, (request, response) => {
    left -= 1;
    if (left <= 0) proxy.heal();
    fault(request, response);
  });
}

/** In front of a server like a cable: it can be cut. */
class Cable {
  connections = 0;
  private cut = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<Cable> {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cable = new Cable(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (socket) => cable.carry(socket, Number(new URL(target).port)));
    return cable;
  }

  /** From now on, new connections are accepted and closed. */
  sever(): void {
    this.cut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.cut = false;
  }

  async close(): Promise<void> {
    this.sever();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(socket: Socket, port: number): void {
    this.connections += 1;
    socket.on('error', () => undefined);
    if (this.cut) {
      socket.destroy();
      return;
    }
    const other = connect(port, '127.0.0.1');
    for (const end of [socket, other]) {
      this.sockets.add(end);
      end.on('close', () => {
        this.sockets.delete(end);
        socket.destroy();
        other.destroy();
      });
    }
    other.on('error', () => undefined);
    socket.pipe(other).pipe(socket);
  }
}

/** Passes everything on and records the maximum number of simultaneous calls. */
async function countingProxy(target: string) {
  const seen = { running: 0, most: 0 };
  const server = createServer((request, response) => {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    response.on('close', () => (seen.running -= 1));
    const upstream = forward(target + request.url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { seen, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('Under load, and with failing upstreams', () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let testCase: SignInCase;
  const started: SignInCase[] = [];

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    testCase = await start({});
    // Roles and token policy are cached from here on.
    await testCase.signIn('li-lei');
  }, 120_000);

  beforeEach(() => {
    testCase.sandbox.requests.length = 0;
    proxy.calls.length = 0;
  });

  afterEach(async () => {
    testCase.sandbox.failures.clear();
    proxy.heal();
    await Promise.all(started.splice(0).map(async ({ gateway }) => gateway.close()));
  });

  afterAll(async () => {
    await testCase?.close();
    await Promise.all([proxy?.close(), nocobase?.stop()]);
  });

  /** All gateways here share one DingTalk. */
  async function start(environment: Record<string, string>): Promise<SignInCase> {
    const made = await SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_URL: proxy.url,
        NOCOBASE_PUBLIC_URL: nocobase.url,
        AUTH_RATE_LIMIT_PER_ADDRESS: '0',
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
        ...environment,
      },
      testCase === undefined ? {} : { sandbox: testCase.sandbox },
    );
    if (testCase !== undefined) started.push(made);
    return made;
  }

  function newPerson(): string {
    const id = `loaded-${(lastPerson += 1)}`;
    const mobile = newMobile();
    testCase.addPerson({ id, name: 'Somebody', mobile, stateCode: '86', memberships: [{ corpId: 'dingcorp1' }] });
    return id;
  }

  /** Up to DingTalk's redirect, which the browser has not followed yet. */
  async function onTheWayBack(at: SignInCase, personId: string, headers: Record<string, string> = {}) {
    const browser = new Browser();
    const first = await browser.get(`${at.gateway.url}/auth/dingtalk`, headers);
    return { browser, callback: await at.sandbox.approve(first.location, personId) };
  }

  const asked = (operation: string): number =>
    testCase.sandbox.requests.filter((request) => request.operation === operation).length;
  const called = (action: string): number => proxy.calls.filter((call) => call.endsWith(` ${action}`)).length;

  describe('the rate limit', () => {
    it('answers requests beyond it with a page, or JSON, that says when to retry', async () => {
      const { gateway } = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '3' });
      const url = `${gateway.url}/auth/dingtalk`;
      const answers: Answer[] = [];
      for (let i = 0; i < 5; i += 1) answers.push(await new Browser().get(url));
      expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 429, 429]);

      const page = answers[4]!;
      expect(outcomeOf(page)).toEqual(LIMITED);
      expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(30);
      expect(Number(page.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.getSetCookie()).toEqual([]);

      const json = await new Browser().get(url, { accept: 'application/json' });
      expect([json.status, JSON.parse(json.text)]).toEqual([429, expect.objectContaining({ error: 'rate_limited' })]);
      expect(Number(json.headers.get('retry-after'))).toBeGreaterThan(30);
    });

    it('covers all addresses of a sign-in together, and nothing else', async () => {
      const { gateway } = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '2' });
      const get = async (path: string): Promise<number> => (await new Browser().get(gateway.url + path)).status;
      expect(await get('/auth/dingtalk')).toBe(302);
      expect(await get('/auth/dingtalk/dingtalk/callback?code=x&state=y')).toBe(400);
      for (const path of ['/auth/dingtalk', '/auth/dingtalk/dingtalk', '/auth/dingtalk/dingtalk/callback?code=x']) {
        expect(await get(path)).toBe(429);
      }
      for (const path of ['/', '/health/live', '/health/ready']) expect(await get(path)).toBe(200);
    });

    it('is not evaded with headers that no trusted proxy has set', async () => {
      const { gateway } = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '3' });
      const statuses: number[] = [];
      for (let i = 1; i <= 6; i += 1) {
        const ip = `198.51.100.${i}`;
        const headers = { 'x-forwarded-for': ip, 'x-real-ip': ip, forwarded: `for=${ip}`, 'cf-connecting-ip': ip };
        statuses.push((await new Browser().get(`${gateway.url}/auth/dingtalk`, headers)).status);
      }
      expect(statuses).toEqual([302, 302, 302, 429, 429, 429]);
    });

    it('is not evaded if a different proxy is trusted', async () => {
      const { gateway } = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '2', TRUST_PROXY: '10.0.0.0/8, ::1' });
      const statuses: number[] = [];
      for (let i = 1; i <= 4; i += 1) {
        const headers = { 'x-forwarded-for': `198.51.100.${i}` };
        statuses.push((await new Browser().get(`${gateway.url}/auth/dingtalk`, headers)).status);
      }
      expect(statuses).toEqual([302, 302, 429, 429]);
    });

    it('distinguishes the clients of a trusted proxy, by what the proxy added and not by what they wrote', async () => {
      const { gateway } = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '2', TRUST_PROXY: '127.0.0.1' });
      const from = async (forwarded: string): Promise<number> =>
        (await new Browser().get(`${gateway.url}/auth/dingtalk`, { 'x-forwarded-for': forwarded })).status;
      expect([await from('198.51.100.1'), await from('198.51.100.1'), await from('198.51.100.1')]).toEqual([
        302, 302, 429,
      ]);
      expect(await from('198.51.100.2')).toBe(302);
      // The client wrote the first, the proxy added the second.
      expect(await from('203.0.113.99, 198.51.100.1')).toBe(429);
      expect(await from('127.0.0.1, 198.51.100.1')).toBe(429);
      // A /64 is one client.
      expect([await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8::3')]).toEqual([
        302, 302, 429,
      ]);
    });

    it('uses nothing up: a rejected callback can be finished later with the same state', async () => {
      const limited = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '2', TRUST_PROXY: '127.0.0.1' });
      const home = { 'x-forwarded-for': '198.51.100.7' };
      const { browser, callback } = await onTheWayBack(limited, newPerson(), home);
      // Others at this address return as well.
      for (let i = 9; i < 11; i += 1) {
        const other = await onTheWayBack(limited, newPerson(), { 'x-forwarded-for': `198.51.100.${i}` });
        expect(outcomeOf(await other.browser.get(other.callback, home))).toEqual(IN);
      }
      testCase.sandbox.requests.length = 0;

      const cookies = [...browser.cookies];
      const refused = await browser.get(callback, home);
      expect(outcomeOf(refused)).toEqual(LIMITED);
      expect([...browser.cookies]).toEqual(cookies);
      expect(asked('userAccessToken')).toBe(0);
      // The same browser, a minute later or on another network.
      expect(outcomeOf(await browser.get(callback, { 'x-forwarded-for': '198.51.100.8' }))).toEqual(IN);
    });
  });

  it('spares DingTalk, however often readiness is requested', async () => {
    const { gateway } = await start({});
    for (let i = 0; i < 20; i += 1) expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
    expect(testCase.sandbox.requests).toHaveLength(1);
  });

  describe.each([
    [{ 'sec-purpose': 'prefetch' }],
    [{ 'sec-purpose': 'prefetch;prerender' }],
    [{ 'sec-purpose': 'prefetch;anonymous-client-ip' }],
    [{ purpose: 'prefetch' }],
    [{ 'x-moz': 'prefetch' }],
    [{ purpose: 'preview' }],
  ])('a prefetch that says %j', (headers: Record<string, string>) => {
    it('starts nothing', async () => {
      const answer = await new Browser().get(`${testCase.gateway.url}/auth/dingtalk`, headers);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('uses nothing up', async () => {
      const { browser, callback } = await onTheWayBack(testCase, newPerson());
      const cookies = [...browser.cookies];
      const answer = await browser.get(callback, headers);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(asked('userAccessToken')).toBe(0);
      expect([...browser.cookies]).toEqual(cookies);
      expect(outcomeOf(await browser.get(callback))).toEqual(IN);
    });
  });

  // Safari's previews (Top Sites) send `X-Purpose`, which is ignored.
  it('a preview that says so in X-Purpose uses nothing up', async () => {
    const { browser, callback } = await onTheWayBack(testCase, newPerson());
    await browser.get(callback, { 'x-purpose': 'preview' });
    expect(outcomeOf(await browser.get(callback))).toEqual(IN);
  });

  describe('the circuit breaker', () => {
    it('spares an unreachable DingTalk, answers people immediately, and recovers by itself', async () => {
      const cable = await Cable.to(testCase.sandbox.url);
      const own = await start({ DINGTALK_API_URL: `${cable.url}/api` });
      const waiting: Awaited<ReturnType<typeof onTheWayBack>>[] = [];
      for (let i = 0; i < FAILURES_TO_OPEN + 8; i += 1) waiting.push(await onTheWayBack(own, 'li-lei'));
      const next = async (): Promise<Answer> => {
        const { browser, callback } = waiting.pop()!;
        return browser.get(callback);
      };
      cable.sever();

      for (let i = 0; i < FAILURES_TO_OPEN; i += 1) expect(outcomeOf(await next())).toEqual(AWAY);
      expect(cable.connections).toBe(FAILURES_TO_OPEN);
      for (let i = 0; i < 3; i += 1) {
        const answer = await next();
        expect(outcomeOf(answer)).toEqual(AWAY);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(REST_MS / 1000);
      }
      expect(cable.connections).toBe(FAILURES_TO_OPEN);

      // Still unreachable: one call probes, and all the others are answered immediately.
      await delay(REST_MS + 200);
      const probing = await Promise.all([next(), next(), next(), next()]);
      expect(probing.map(outcomeOf)).toEqual([AWAY, AWAY, AWAY, AWAY]);
      expect(cable.connections).toBe(FAILURES_TO_OPEN + 1);

      cable.mend();
      await delay(REST_MS + 200);
      expect(outcomeOf(await next())).toEqual(IN);
      await cable.close();
    });

    it('does the same for NocoBase, and does not affect DingTalk', async () => {
      const own = await start({});
      await own.signIn('li-lei');
      const waiting = [];
      for (let i = 0; i < FAILURES_TO_OPEN; i += 1) waiting.push(await onTheWayBack(own, 'li-lei'));
      proxy.failOn('*', unavailable);
      proxy.calls.length = 0;
      for (const { browser, callback } of waiting) expect(outcomeOf(await browser.get(callback))).toEqual(AWAY);
      expect(proxy.calls).toHaveLength(FAILURES_TO_OPEN);
      expect(asked('currentUser')).toBe(FAILURES_TO_OPEN + 1);

      const answer = await own.signIn('li-lei');
      expect(outcomeOf(answer)).toEqual(AWAY);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(proxy.calls).toHaveLength(FAILURES_TO_OPEN);
      expect((await new Browser().get(`${own.gateway.url}/health/ready`)).status).toBe(503);

      proxy.heal();
      await delay(REST_MS + 200);
      expect((await new Browser().get(`${own.gateway.url}/health/ready`)).status).toBe(200);
      expect(outcomeOf(await own.signIn('li-lei'))).toEqual(IN);
    });

    it.each<[number, Failure]>([
      [400, { status: 400, body: { code: 'invalidParameter.authCode.notFound', message: 'x' } }],
      [401, { status: 401, body: { code: 'x', message: 'x' } }],
      [403, { status: 403, body: { code: 'Forbidden', message: 'x' } }],
      [404, { status: 404, body: { code: 'x', message: 'x' } }],
      [500, { status: 500, body: { code: 'unknownError', message: 'x' } }],
    ])('is not opened by people for whom DingTalk answers %i', async (_status, failure) => {
      const own = await start({});
      testCase.sandbox.failures.set('userAccessToken', failure);
      for (let i = 0; i < FAILURES_TO_OPEN + 2; i += 1) {
        const browser = new Browser();
        const state = new URL(await own.startSignIn(browser)).searchParams.get('state');
        const answer = await browser.get(
          `${own.gateway.url}/auth/dingtalk/dingtalk/callback?code=made-up&state=${state}`,
        );
        expect([401, 500, 502]).toContain(answer.status);
      }
      expect(asked('userAccessToken')).toBe(FAILURES_TO_OPEN + 2);
      testCase.sandbox.failures.clear();
      expect(outcomeOf(await own.signIn('li-lei'))).toEqual(IN);
    });

    it.each([400, 401, 403, 404, 500])('is not opened by people for whom NocoBase answers %i', async (status) => {
      const own = await start({});
      proxy.failOn('issuedTokens:create', answering(status, '{"errors":[{"message":"no"}]}'));
      for (let i = 0; i < FAILURES_TO_OPEN + 2; i += 1) {
        expect([500, 502]).toContain((await own.signIn('li-lei')).status);
      }
      expect(called('issuedTokens:create')).toBe(FAILURES_TO_OPEN + 2);
      proxy.heal();
      expect(outcomeOf(await own.signIn('li-lei'))).toEqual(IN);
    });
  });

  describe('a single failure', () => {
    it.each<[string, string, ProxyFault]>([
      ['503', 'usersAuthenticators:list', unavailable],
      ['502', 'usersAuthenticators:list', answering(502, '<h1>Bad gateway</h1>', 'text/html')],
      ['a reset', 'usersAuthenticators:list', reset],
      ['503', 'users:list', unavailable],
      ['a reset', 'users:list', reset],
    ])('of a read is retried after %s on %s', async (_name, action, fault) => {
      const person = newPerson();
      times(1, proxy, action, fault);
      expect(outcomeOf(await testCase.signIn(person))).toEqual(IN);
      expect(called(action)).toBe(2);
      expect(asked('userAccessToken')).toBe(1);
    });

    it('of a read is retried twice at most', async () => {
      proxy.failOn('usersAuthenticators:list', reset);
      expect(outcomeOf(await testCase.signIn(newPerson()))).toEqual(AWAY);
      expect(called('usersAuthenticators:list')).toBe(3);
    });

    it('of a read is retried at DingTalk', async () => {
      testCase.sandbox.failures.set('currentUser', 'drop', { times: 1 });
      expect(outcomeOf(await testCase.signIn(newPerson()))).toEqual(IN);
      expect([asked('currentUser'), asked('userAccessToken')]).toEqual([2, 1]);
    });

    it.each<[string, ProxyFault]>([
      ['503', unavailable],
      ['a reset', reset],
    ])('of a write is not retried, %s or not: users and sessions are never duplicated', async (_name, fault) => {
      for (const action of ['authenticators/dingtalk/users:create', 'issuedTokens:create']) {
        const person = newPerson();
        times(1, proxy, action, fault);
        const answer = await testCase.signIn(person);
        expect(outcomeOf(answer)).toEqual(AWAY);
        expect(called(action)).toBe(1);
        proxy.calls.length = 0;
        expect(outcomeOf(await testCase.signIn(person))).toEqual(IN);
        proxy.calls.length = 0;
      }
    });

    it.each<Failure>(['drop', 'drop-after-burn', 'timeout-504', { status: 503, body: {} }])(
      'of a code exchange is not retried: %j on userAccessToken',
      async (failure) => {
        testCase.sandbox.failures.set('userAccessToken', failure, { times: 1 });
        const answer = await testCase.signIn(newPerson());
        expect(answer.status).toBeGreaterThanOrEqual(500);
        expect(asked('userAccessToken')).toBe(1);
      },
    );
  });

  it('delays a callback by fifteen seconds at most, even if every upstream answers in drips', async () => {
    const patient = await start({ DINGTALK_TIMEOUT_MS: '60000', NOCOBASE_TIMEOUT_MS: '60000' });
    const { browser, callback } = await onTheWayBack(patient, newPerson());
    testCase.sandbox.failures.set('userAccessToken', { slowBodyMs: 2000 });
    testCase.sandbox.failures.set('currentUser', { slowBodyMs: 2000 });
    proxy.failOn('*', dripping);
    const at = performance.now();
    const answer = await browser.get(callback);
    const elapsed = performance.now() - at;
    expect(outcomeOf(answer)).toEqual(LATE);
    expect(elapsed).toBeGreaterThan(13_000);
    expect(elapsed).toBeLessThan(17_000);
  });

  describe('with a slow DingTalk', () => {
    it('lets in a hundred people who arrive at the same moment, with a limited number of simultaneous calls', async () => {
      const counting = await countingProxy(testCase.sandbox.url);
      const own = await start({ DINGTALK_API_URL: `${counting.url}/api` });
      const people = Array.from({ length: 10 }, newPerson);
      for (const person of people) expect(outcomeOf(await own.signIn(person))).toEqual(IN);
      const waiting = [];
      for (let i = 0; i < 100; i += 20) {
        const some = Array.from({ length: 20 }, (_, n) => people[(i + n) % 10]!);
        waiting.push(...(await Promise.all(some.map(async (person) => onTheWayBack(own, person)))));
      }
      for (const operation of ['userAccessToken', 'currentUser'] as const) {
        testCase.sandbox.failures.set(operation, { delayMs: 300 });
      }
      counting.seen.most = 0;
      const at = performance.now();
      const answers = await Promise.all(waiting.map(async ({ browser, callback }) => browser.get(callback)));
      expect(performance.now() - at).toBeLessThan(16_000);

      expect(counting.seen.most).toBeLessThanOrEqual(MAX_CONCURRENT);
      expect(counting.seen.most).toBeGreaterThan(MAX_CONCURRENT / 2);
      const refused = answers.filter(({ status }) => status !== 303);
      for (const answer of refused) {
        // 503 if there was no slot, 504 if a busy machine took too long.
        expect([503, 504]).toContain(answer.status);
        expect(answer.errorCode).toBe('temporarily_unavailable');
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(refused.length).toBeLessThan(20);
      // Nobody received another person's session.
      const tokens = answers.filter(({ status }) => status === 303).map(({ location }) => handedOver(location).token);
      expect(new Set(tokens).size).toBe(tokens.length);
      await counting.close();
    });

    it('tells people to retry for whom the queue has no room', async () => {
      const own = await start({ TRUST_PROXY: '127.0.0.1' });
      // So many more that a slow machine, which sends them over some seconds, still fills the queue.
      const count = MAX_CONCURRENT + MAX_WAITING + 200;
      const urls: [Browser, string][] = [];
      for (let i = 0; i < count; i += 1) {
        const browser = new Browser();
        const state = new URL(await own.startSignIn(browser)).searchParams.get('state');
        urls.push([browser, `${own.gateway.url}/auth/dingtalk/dingtalk/callback?code=made-up&state=${state}`]);
      }
      testCase.sandbox.failures.set('userAccessToken', { delayMs: 1200 });
      // Each from a different address: per address, only a limited number of codes that DingTalk refuses is sent.
      const answers = await Promise.all(
        urls.map(async ([browser, url], i) => browser.get(url, { 'x-forwarded-for': `10.0.${i >> 8}.${i & 255}` })),
      );
      const refused = answers.filter(({ status }) => status === 503);
      expect(answers.filter(({ status }) => status === 401).length + refused.length).toBe(count);
      expect(refused.length).toBeGreaterThan(0);
      for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    });
  });
});

describe('The calls to one upstream', () => {
  let module: TestingModule;
  let client: UpstreamHttpClient;
  let received: number;
  let handle: ProxyFault;
  let server: ReturnType<typeof createServer>;

  beforeEach(async () => {
    module = await Test.createTestingModule({ imports: [UpstreamModule] }).compile();
    client = module.get(UpstreamHttpClient);
    received = 0;
    handle = answering(200, '{}');
    server = createServer((request, response) => {
      received += 1;
      handle(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    jest.useRealTimers();
    server.closeAllConnections();
    server.close();
    await module.close();
  });

  const call = async (timeoutMs = 5000): Promise<unknown> =>
    client.request({
      upstream: 'DingTalk',
      operation: 'test',
      method: 'POST',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      body: {},
      timeoutMs,
      guard: z.object({}),
    });
  const slow =
    (milliseconds: number): ProxyFault =>
    (request, response) =>
      void setTimeout(() => answering(200, '{}')(request, response), milliseconds);
  const many = <T>(count: number, work: () => Promise<T>): Promise<T>[] => Array.from({ length: count }, work);

  // cockatiel runs a queued call in the async context of the call that made room, so it would inherit that call's deadline.
  it('that waited for a slot have the time budget of the person whom they are for', async () => {
    handle = slow(300);
    const hurried = many(MAX_CONCURRENT, async () => withTimeBudget(400, call));
    const patient = withTimeBudget(10_000, call);
    await Promise.allSettled(hurried);
    await expect(patient).resolves.toEqual({});
  });

  // The same over time: otherwise, after one budget's length of steady load, nobody would get through any more.
  it('continue indefinitely under a steady load that the upstream can handle', async () => {
    handle = slow(200);
    const running: Promise<boolean>[] = [];
    const gotThrough = async (): Promise<boolean> =>
      withTimeBudget(1500, call).then(
        () => true,
        () => false,
      );
    running.push(...many(MAX_CONCURRENT + 24, gotThrough));
    for (let i = 0; i < 30; i += 1) {
      await delay(100);
      running.push(...many(13, gotThrough));
    }
    expect((await Promise.all(running)).filter((through) => !through)).toHaveLength(0);
  });

  // Otherwise an exhausted time budget would count as a failure of the upstream, which was not called.
  it("are not stopped because some people's time budget was exhausted", async () => {
    await Promise.allSettled(many(FAILURES_TO_OPEN, async () => withTimeBudget(0, call)));
    expect(received).toBe(0);
    await expect(call()).resolves.toEqual({});
  });

  // Queued calls have already passed the breaker: they would be sent, 32 at a time, to an upstream known to be down.
  it('that are queued are not sent once the breaker is open', async () => {
    handle = (request) => void request.resume();
    const outcomes = await Promise.allSettled(many(200, async () => call(300)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(received).toBeLessThanOrEqual(2 * MAX_CONCURRENT);
  });

  // A half-open breaker that closes on such an answer would keep its old count, so the next single failure would open it again.
  it('are all allowed again after the first one that was answered, even with a refusal', async () => {
    jest.useFakeTimers({
      now: Date.now(),
      doNotFake: [
        'setTimeout',
        'setInterval',
        'setImmediate',
        'nextTick',
        'performance',
        'queueMicrotask',
        'clearTimeout',
        'clearInterval',
        'clearImmediate',
      ],
    });
    handle = reset;
    for (let i = 0; i < FAILURES_TO_OPEN; i += 1) await call().catch(() => undefined);
    await expect(call()).rejects.toBeInstanceOf(UpstreamBusyError);
    jest.setSystemTime(Date.now() + REST_MS + 1);
    handle = answering(400, '{}');
    await call().catch(() => undefined);
    handle = reset;
    await call().catch(() => undefined);
    handle = answering(200, '{}');
    await expect(call()).resolves.toEqual({});
  });

  it('never exceed the limit, and all get their turn', async () => {
    let [running, most] = [0, 0];
    handle = (request, response) => {
      running += 1;
      most = Math.max(most, running);
      response.on('close', () => (running -= 1));
      slow(50)(request, response);
    };
    await Promise.all(many(150, async () => call()));
    expect(most).toBe(MAX_CONCURRENT);
    expect(received).toBe(150);
  });
});
