import type { Noted, OrganizationEvent } from '../../leavers/index.js';
import { type TransportResponse, UpstreamHttpClient } from '../../upstream/index.js';
import { FakeMoments, FakeSockets, settled } from '../spec-support.js';
import { StreamClient } from './stream-client.js';
import type { StreamNotice, StreamState } from './stream-notice.js';

const APPLICATION = {
  apiUrl: 'https://api.dingtalk.com',
  clientId: 'dingapp',
  clientSecret: 'not-real',
  timeoutMs: 5000,
};
const TICKET = 'b7d3/+ =';

const json = (status: number, body: object): TransportResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  data: JSON.stringify(body),
});

class Case {
  readonly moments = new FakeMoments();
  readonly sockets = new FakeSockets();
  readonly asked: unknown[] = [];
  readonly events: OrganizationEvent[] = [];
  readonly states: StreamState[] = [];
  readonly notices: StreamNotice[] = [];
  answer: () => TransportResponse = () =>
    json(200, { endpoint: 'wss://stream.example.com:443/connect', ticket: TICKET });
  noted: () => Promise<Noted> = async () => 'noted';
  readonly client: StreamClient;

  constructor(random = 1) {
    const request = async ({ data }: { data?: string }): Promise<TransportResponse> => {
      this.asked.push(JSON.parse(data ?? ''));
      return this.answer();
    };
    this.client = new StreamClient(APPLICATION, {
      http: new UpstreamHttpClient({ request }),
      listener: async (event) => {
        this.events.push(event);
        return this.noted();
      },
      state: (state) => this.states.push(state),
      notice: (notice) => this.notices.push(notice),
      moments: this.moments,
      random: () => random,
      sockets: this.sockets.open,
    });
  }

  async connect(): Promise<this> {
    this.client.start();
    await settled();
    await this.open();
    return this;
  }

  async open(): Promise<void> {
    this.sockets.last.listener.opened();
    await settled();
  }

  /** Like DingTalk: a message every 25 s. */
  async live(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 25_000) {
      await this.moments.pass(Math.min(25_000, ms - passed));
      for (const socket of this.sockets.alive) socket.says('SYSTEM', { topic: 'ping', messageId: 'p' }, '{}');
    }
  }
}

it('subscribes to all events, and connects with the encoded ticket', async () => {
  const { asked, sockets, states } = await new Case().connect();
  expect(asked).toEqual([
    {
      clientId: 'dingapp',
      clientSecret: 'not-real',
      ua: 'sign-in-gateway',
      subscriptions: [{ type: 'EVENT', topic: '*' }],
    },
  ]);
  expect(sockets.last.address).toBe('wss://stream.example.com/connect?ticket=b7d3%2F%2B%20%3D');
  expect(states).toEqual([{ kind: 'connected' }]);
});

it('acknowledges an event only once it is noted, and answers LATER after two and a half seconds', async () => {
  const one = await new Case().connect();
  let finish: (noted: Noted) => void = () => undefined;
  one.noted = async () => new Promise((resolve) => (finish = resolve));
  const event = { topic: '*', messageId: 'm1', eventType: 'user_leave_org', eventId: 'e1', eventCorpId: 'ding1' };
  one.sockets.last.says('EVENT', event, '{"userId":["a"]}');
  await settled();
  expect(one.sockets.last.sent).toEqual([]);
  await one.moments.pass(2500);
  finish('noted');
  await settled();
  one.sockets.last.says('EVENT', { ...event, messageId: 'm2' }, '{"userId":["a"]}');
  await settled();
  expect(one.sockets.last.sent.map(({ headers, data }) => [headers.messageId, JSON.parse(data) as object])).toEqual([
    ['m1', { status: 'LATER', message: 'later' }],
    ['m2', { status: 'SUCCESS', message: 'ok' }],
  ]);
  expect(one.events).toMatchObject([{ id: 'e1', kind: 'left', userids: ['a'] }]);
});

it('reconnects after 60 s of silence, but not while anything arrives', async () => {
  const one = await new Case().connect();
  await one.live(300_000);
  expect(one.sockets.made).toHaveLength(1);
  await one.moments.pass(59_000);
  expect(one.sockets.made).toHaveLength(1);
  await one.moments.pass(1000);
  expect(one.notices).toContain('silent');
  expect(one.sockets.made).toHaveLength(2);
  await one.open();
  expect(one.states.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected']);
});

it('opens the next connection first when an end is announced, and closes the old one ten seconds later', async () => {
  const one = await new Case().connect();
  await one.live(100_000);
  const [first] = one.sockets.made;
  first?.says('SYSTEM', { topic: 'disconnect', messageId: 'd' }, '{"reason":"persistent connection is timeout"}');
  await settled();
  expect(one.sockets.alive).toHaveLength(2);
  // Not yet: the next one is not open.
  await one.moments.pass(9000);
  expect(first?.isClosed).toBe(false);
  await one.open();
  await one.moments.pass(9999);
  expect(first?.isClosed).toBe(false);
  first?.says('EVENT', { messageId: 'm1', eventType: 'user_leave_org', eventId: 'e1' }, '{"userId":["a"]}');
  await settled();
  expect(first?.sent.at(-1)?.headers.messageId).toBe('m1');
  await one.moments.pass(1);
  expect(first?.isClosed).toBe(true);
  expect(one.states).toEqual([{ kind: 'connected' }]);
});

it('never has more than two sockets, whatever DingTalk announces', async () => {
  const one = await new Case(0).connect();
  for (let round = 0; round < 20; round += 1) {
    for (const socket of one.sockets.alive) socket.says('SYSTEM', { topic: 'disconnect', messageId: 'd' });
    await settled();
    if (round % 3 !== 0) await one.open();
    await one.moments.pass(round % 2 === 0 ? 500 : 4000);
  }
  expect(one.sockets.made.length).toBeGreaterThan(10);
  expect(one.sockets.mostAtATime).toBe(2);
});

it('waits longer after each failure, up to a minute, and resets after a stable minute', async () => {
  const one = new Case(1);
  one.answer = () => json(500, { code: 'unknownError' });
  one.client.start();
  await settled();
  const waits: (number | undefined)[] = [];
  for (let failure = 0; failure < 9; failure += 1) {
    const wait = one.moments.next();
    waits.push(wait);
    await one.moments.pass(wait ?? 0);
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  one.answer = new Case().answer;
  await one.moments.pass(60_000);
  await one.open();
  one.sockets.last.end();
  await settled();
  // Lost at once, so the connection was not stable.
  expect(one.moments.next()).toBe(60_000);
  await one.moments.pass(60_000);
  await one.open();
  await one.live(60_000);
  const opened = one.sockets.made.length;
  one.sockets.last.end();
  await settled();
  expect(one.sockets.made).toHaveLength(opened + 1);
});

it('adds jitter: the delay is anything up to the limit', async () => {
  const one = new Case(0.25);
  one.answer = () => json(500, {});
  one.client.start();
  await settled();
  expect(one.moments.next()).toBe(250);
});

it('gives up on a socket that does not open within ten seconds', async () => {
  const one = new Case();
  one.client.start();
  await settled();
  await one.moments.pass(10_000);
  expect(one.sockets.made[0]?.isClosed).toBe(true);
  expect(one.states).toEqual([{ kind: 'disconnected', why: 'no_answer', detail: 'the connection did not open' }]);
  await one.moments.pass(1000);
  expect(one.sockets.made).toHaveLength(2);
});

it.each([
  [401, { code: 'authFailed', message: '鉴权失败' }, 'credentials_refused'],
  [403, { code: 'Forbidden.AccessDenied.IpNotInWhiteList', message: 'request ip=203.0.113.7' }, 'address_refused'],
  [403, { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' }, 'no_answer'],
  [200, { endpoint: 'wss://user:password@stream.example.com', ticket: 't' }, 'no_answer'],
  [200, { endpoint: 'ws://stream.example.com', ticket: 't' }, 'no_answer'],
  [200, { endpoint: 'https://stream.example.com', ticket: 't' }, 'no_answer'],
  [200, { endpoint: 'wss://stream.example.com/#part', ticket: 't' }, 'no_answer'],
  [200, { endpoint: '', ticket: 't' }, 'no_answer'],
  [200, { endpoint: 'wss://stream.example.com' }, 'no_answer'],
])('maps the response %i %j to %s, and opens nothing', async (status, body, why) => {
  const one = new Case();
  one.answer = () => json(status, body);
  one.client.start();
  await settled();
  expect(one.states).toMatchObject([{ kind: 'disconnected', why }]);
  expect(one.sockets.made).toEqual([]);
  expect(JSON.stringify(one.states)).not.toMatch(/not-real|password|203\.0\.113|stream\.example/);
});

it('reports a state only when it changes', async () => {
  const one = new Case();
  one.answer = () => json(401, { code: 'authFailed' });
  one.client.start();
  await one.moments.pass(100_000);
  expect(one.asked.length).toBeGreaterThan(3);
  expect(one.states).toHaveLength(1);
});

it('ends everything when it is closed: sockets, attempts and timers', async () => {
  const connected = await new Case().connect();
  await connected.client.close();
  expect(connected.sockets.alive).toEqual([]);
  expect(connected.states).toEqual([{ kind: 'connected' }]);
  const waiting = new Case();
  waiting.answer = () => json(500, {});
  waiting.client.start();
  await settled();
  await waiting.client.close();
  for (const { moments, asked } of [connected, waiting]) {
    const before = asked.length;
    expect(moments.next()).toBeUndefined();
    await moments.pass(600_000);
    expect(asked).toHaveLength(before);
  }
});
