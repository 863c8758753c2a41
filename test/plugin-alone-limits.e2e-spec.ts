import { Agent, request } from 'node:http';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { outcome, type PluginBrowser, type Redeemed } from './support/plugin-browser.js';
import { type RawAnswer, rawRequest } from './support/raw-request.js';

const STATE = 'A'.repeat(43);

describe('A NocoBase whose plugin signs people in by itself, and excessive requests', () => {
  /** The statements that its database receives. */
  const statements: string[] = [];
  let alone: AloneCase;
  /** Authenticators with the same limit share quotas, so each test has a different limit. */
  let limit = 10;

  beforeAll(async () => {
    alone = await AloneCase.start({
      env: { NB_SQL: '1' },
      onProgress: (line) => line.startsWith('SQL ') && statements.push(line),
    });
  }, 120_000);

  afterAll(async () => alone?.close());

  beforeEach(() => {
    alone.sandbox.requests.length = 0;
    limit += 1;
  });

  /** An authenticator with a separate limit; returns its name. */
  async function limited(settings: object = {}): Promise<string> {
    const name = `limited-${limit}`;
    await alone.add(name, { requestsPerMinute: limit, ...settings });
    return name;
  }

  const exchanges = (): number =>
    alone.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;

  async function start(authenticator: string, headers: Record<string, string> = {}): Promise<string> {
    const query = new URLSearchParams({ authenticator, redirect: '/v/admin/x' }).toString();
    const { status, headers: said } = await rawRequest(`${alone.nocobase.api}/dingtalk:start?${query}`, { headers });
    expect(status).toBe(302);
    const { pathname, searchParams } = new URL(said.location!, alone.nocobase.url);
    const error = searchParams.get('dingtalk_error');
    if (error !== null) {
      expect([pathname, searchParams.get('redirect')]).toEqual(['/v/signin', '/v/admin/x']);
      expect(Number(said['retry-after'])).toBeGreaterThan(0);
    }
    return error ?? 'goes on';
  }

  /** As many as are allowed. */
  async function useUp(authenticator: string, headers: Record<string, string> = {}): Promise<void> {
    for (let n = 0; n < limit; n += 1) expect(await start(authenticator, headers)).toBe('goes on');
  }

  const from = (...addresses: string[]): Record<string, string> => ({ 'x-forwarded-for': addresses.join(', ') });

  describe('an address', () => {
    it('starts a limited number of sign-ins a minute, and sees the error on the sign-in page', async () => {
      const name = await limited();
      for (let n = 0; n < limit; n += 1) expect(await start(name)).toBe('goes on');
      expect(await start(name)).toBe('rate_limited');
    });

    it('is the connecting one, whatever a header says, if no proxy is trusted', async () => {
      const name = await limited();
      await useUp(name);
      for (const forged of ['203.0.113.7', '203.0.113.8, 127.0.0.1', '2001:db8::1', 'unknown', '', 'x'.repeat(4000)]) {
        expect(await start(name, { ...from(forged), 'x-real-ip': forged, forwarded: `for=${forged}` })).toBe(
          'rate_limited',
        );
      }
    });

    it('is taken from a trusted proxy, so that people behind it are counted separately', async () => {
      const name = await limited({ trustedProxies: ['loopback'] });
      await useUp(name, from('203.0.113.7'));
      expect(await start(name, from('203.0.113.7'))).toBe('rate_limited');
      // Anything before it was written by the client.
      expect(await start(name, from('198.51.100.1', '203.0.113.7'))).toBe('rate_limited');
      expect(await start(name, from('127.0.0.1', '203.0.113.7'))).toBe('rate_limited');
      expect(await start(name, from('203.0.113.7:4711'))).toBe('rate_limited');
      expect(await start(name, from('::ffff:203.0.113.7'))).toBe('rate_limited');
      expect(await start(name, from('203.0.113.7', '127.0.0.1'))).toBe('rate_limited');
      for (const another of ['198.51.100.1', '2001:db8::1', 'garbage']) {
        expect([another, await start(name, from(another))]).toEqual([another, 'goes on']);
      }
    });

    it('is a network for IPv6, and invalid ones are one client', async () => {
      const name = await limited({ trustedProxies: ['loopback'] });
      for (let n = 0; n < limit; n += 1) expect(await start(name, from(`2001:db8::${n}`))).toBe('goes on');
      expect(await start(name, from('2001:db8::ffff'))).toBe('rate_limited');
      expect(await start(name, from('[2001:db8::1]:443'))).toBe('rate_limited');
      for (let n = 0; n < limit; n += 1) expect(await start(name, from(`garbage-${n}`))).toBe('goes on');
      expect(await start(name, from('more garbage'))).toBe('rate_limited');
    });

    it('has no limit if an administrator sets none', async () => {
      await alone.add('without-limit', { requestsPerMinute: 0 });
      for (let n = 0; n < 50; n += 1) expect(await start('without-limit')).toBe('goes on');
    });
  });

  describe('answers of DingTalk', () => {
    const bring = async (own: PluginBrowser, answer: string, name: string): Promise<Redeemed> =>
      own.bring(answer, name);

    it('from browsers without a transaction are counted separately from those of returning people', async () => {
      const name = await limited();
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own, { authenticator: name });
      const refusals = new Set<string>();
      for (let n = 0; n <= limit; n += 1) {
        refusals.add(outcome(await bring(alone.browser, `code=x&state=${STATE}`, name)));
      }
      expect([...refusals]).toEqual(['400 invalid_state', '429 rate_limited']);
      expect(await start(name)).toBe('rate_limited');
      expect(outcome(await bring(own, answer, name))).toBe('200 signed in');
    });

    it('from one browser are counted, too, and a refusal says when to retry', async () => {
      const name = await limited();
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own, { authenticator: name });
      const cookie = own.cookieHeader('sign-in-');
      const again = async (): Promise<Redeemed> => alone.browser.bring(answer, name, 'x-dingtalk-answer', { cookie });
      for (let n = 0; n < limit; n += 1) await again();
      const refused = await again();
      expect(outcome(refused)).toBe('429 rate_limited');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(exchanges()).toBe(1);
    });

    it.each([
      ['GET', '/api/auth:signIn'],
      ['PUT', '/api/auth:signIn'],
      ['POST', '/api/auth:signIn/'],
      ['POST', '/api/%61uth:signIn'],
      ['POST', '/api/auth:signIn/1'],
    ])('cannot bypass the counters: %s %s', async (method, path) => {
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      const headers = {
        'x-authenticator': 'dingtalk',
        'x-dingtalk-answer': answer,
        cookie: own.cookieHeader('sign-in-'),
      };
      const { text } = await rawRequest(`${alone.nocobase.url}${path}`, { method, headers });
      expect(text).not.toContain('"token"');
      expect(exchanges()).toBe(0);
      expect(outcome(await own.bring(answer))).toBe('200 signed in');
    });
  });

  describe('cost NocoBase’s database next to nothing:', () => {
    /** The statements that some requests cause; they do not wait for one another. */
    async function asked(requests: () => Promise<unknown>): Promise<{ statements: string[]; looks: number }> {
      const mark = `mark-${Math.random()}`;
      const marked = async (end: string): Promise<number> => {
        await alone.nocobase.list('users', { nickname: mark + end }, 'id');
        const find = (line: string): boolean => line.includes(mark + end);
        await eventually(() => expect(statements.some(find)).toBe(true));
        return statements.findLastIndex(find);
      };
      const begin = await marked('-begin');
      const before = performance.now();
      await requests();
      const seconds = Math.ceil((performance.now() - before) / 1000);
      const end = await marked('-end');
      const ofMarks = /issuedTokens|issued_tokens|apiKeys|tokenControl|rolesUsers|roles|users|dataSources/i;
      return { statements: statements.slice(begin + 1, end).filter((line) => !ofMarks.test(line)), looks: seconds + 1 };
    }

    const many = async (work: (n: number) => Promise<unknown>): Promise<unknown> =>
      Promise.all(Array.from({ length: 200 }, async (_, n) => work(n)));

    it('the page at the redirect URL, nothing', async () => {
      const flood = async (n: number): Promise<RawAnswer> =>
        rawRequest(`${alone.nocobase.api}/dingtalk/callback/name-${n}?code=${n}&state=${STATE}`);
      expect((await asked(async () => many(flood))).statements).toEqual([]);
    });

    it.each(['start', 'sign-in'])('a %s, whatever the names: one read of the settings a second', async (what) => {
      const name = await limited();
      await useUp(name);
      const flood = async (n: number): Promise<unknown> => {
        const authenticator = n % 2 === 0 ? name : `made-up-${n}`;
        if (what === 'start') return rawRequest(`${alone.nocobase.api}/dingtalk:start?authenticator=${authenticator}`);
        // An existing one: NocoBase's own sign-in would use it for the others.
        return outcome(await alone.browser.bring(`code=${n}&state=${STATE}`, name));
      };
      const rows = (await alone.nocobase.list('authenticators', { authType: 'DingTalk' }, 'id')).length;
      const { statements: found, looks } = await asked(async () => many(flood));
      const of = (table: RegExp): number => found.filter((line) => table.test(line)).length;
      expect(of(/FROM [`"]authenticators[`"]/)).toBeLessThanOrEqual(looks);
      expect(of(/FROM [`"]dingtalk_secrets[`"]/)).toBeLessThanOrEqual(looks * rows);
      expect(found.filter((line) => !/FROM [`"](?:authenticators|dingtalk_secrets)[`"]/.test(line))).toEqual([]);
    });
  });
});

/** 25,000 requests of 8 KiB would fill it if anything of them were kept. */
const SMALL_HEAP = '--max-old-space-size=320';

describe('A NocoBase of 320 MiB whose plugin signs people in by itself', () => {
  let alone: AloneCase;
  const agent = new Agent({ keepAlive: true, maxSockets: 40 });

  beforeAll(async () => {
    alone = await AloneCase.start({ env: { NODE_OPTIONS: SMALL_HEAP }, settings: { trustedProxies: ['loopback'] } });
  }, 120_000);

  afterAll(async () => {
    agent.destroy();
    await alone?.close();
  });

  async function send(method: string, path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${alone.nocobase.api}/${path}`, { method, headers, agent }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end();
    });
  }

  it('keeps nothing of invented names, addresses and states', async () => {
    const padding = 'x'.repeat(8000);
    const made = async (n: number): Promise<number> => {
      const address = { 'x-forwarded-for': `203.${n % 250}.${(n >> 8) % 250}.${n % 200}` };
      switch (n % 5) {
        case 0:
          return send('GET', `dingtalk:start?authenticator=${n}${padding}`, address);
        case 1:
          return send('GET', `dingtalk:start?authenticator=dingtalk&redirect=/admin/${n}${padding}`, address);
        case 2:
          return send('GET', 'dingtalk:start?authenticator=dingtalk', { 'x-forwarded-for': `${n}${padding}` });
        case 3:
          return send('GET', `dingtalk/callback/dingtalk?state=${n}${padding}`, address);
        default:
          return send('GET', `dingtalk:start?authenticator=dingtalk`, {
            ...address,
            cookie: `sign-in-${n}=${padding}`,
          });
      }
    };
    for (let n = 0; n < 25_000; n += 500) {
      const statuses = await Promise.all(Array.from({ length: 500 }, async (_, index) => made(n + index)));
      expect(statuses.filter((status) => status >= 400)).toEqual([]);
    }
    // With another limit: requests without an authenticator are counted by the proxy's address, which is ours.
    await alone.add('another', { requestsPerMinute: 10 });
    expect(outcome(await alone.signIn('li-lei', { authenticator: 'another' }))).toBe('200 signed in');
  }, 300_000);
});
