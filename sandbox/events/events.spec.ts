import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { WebSocket } from 'undici';
import { eventually } from '../../test/support/eventually.js';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID } from '../index.js';
import { startSpecClient, type Reply, type SpecClient } from '../spec-support.js';
import { decrypt, encrypt, sign } from './push-crypto.js';

let client: SpecClient;
beforeAll(async () => {
  client = await startSpecClient();
});
beforeEach(() => client.reset());
afterAll(() => client.sandbox.close());

const control = (name: string, body: unknown) => client.post(`/__sandbox__/${name}`, body);

interface Message {
  type: string;
  headers: Record<string, string>;
  data: string;
}

/** A Stream client that does only what the test tells it. */
class Listener {
  readonly messages: Message[] = [];
  isClosed = false;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => this.messages.push(JSON.parse(String(data)) as Message));
    socket.addEventListener('close', () => (this.isClosed = true));
  }

  static async connect(ticket?: string): Promise<Listener> {
    const { endpoint, ticket: fresh } = (await open()).body as { endpoint: string; ticket: string };
    const listener = new Listener(new WebSocket(`${endpoint}?ticket=${ticket ?? fresh}`));
    await new Promise((resolve, reject) => {
      listener.socket.addEventListener('open', resolve);
      listener.socket.addEventListener('error', () => reject(new Error('refused')));
    });
    return listener;
  }

  answer({ headers }: Message, status: 'SUCCESS' | 'LATER'): void {
    const data = JSON.stringify({ status });
    this.socket.send(JSON.stringify({ code: 200, message: 'OK', headers: { messageId: headers['messageId'] }, data }));
  }

  close(): void {
    this.socket.close();
  }

  async next(count: number): Promise<Message> {
    return eventually(() => {
      const message = this.messages[count - 1];
      if (!message) throw new Error(`${this.messages.length} messages`);
      return message;
    });
  }
}

const open = (changes: object = {}): Promise<Reply> =>
  client.post('/api/v1.0/gateway/connections/open', {
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    subscriptions: [{ type: 'EVENT', topic: '*' }],
    ...changes,
  });

const outcomes = async (): Promise<string[]> =>
  ((await client.get('/__sandbox__/events')).body['deliveries'] as { outcome: string }[]).map(({ outcome }) => outcome);

describe('Stream', () => {
  it('notices that a client was killed', async () => {
    const { endpoint, ticket } = (await open()).body as { endpoint: string; ticket: string };
    const { host, hostname, port, pathname } = new URL(endpoint);
    const socket = connect(Number(port), hostname);
    const head = ['upgrade: websocket', 'connection: upgrade', 'sec-websocket-version: 13', 'sec-websocket-key: a'];
    socket.write([`GET ${pathname}?ticket=${ticket} HTTP/1.1`, `host: ${host}`, ...head, '', ''].join('\r\n'));
    await eventually(() => expect(client.sandbox.stream.connections()).toHaveLength(1));
    socket.end();
    await eventually(() => expect(client.sandbox.stream.connections()).toEqual([]));
  });

  it('refuses wrong credentials, and a ticket that is used, expired or invented', async () => {
    expect(await open({ clientSecret: 'wrong' })).toMatchObject({ status: 401, body: { code: 'authFailed' } });
    const { ticket } = (await open()).body as { ticket: string };
    const first = await Listener.connect(ticket);
    await expect(Listener.connect(ticket)).rejects.toThrow('refused');
    await expect(Listener.connect('invented')).rejects.toThrow('refused');
    const { ticket: old } = (await open()).body as { ticket: string };
    await control('clock', { advanceMs: 90_001 });
    await expect(Listener.connect(old)).rejects.toThrow('refused');
    first.close();
  });

  it('reports a person who leaves, with ids only, and stops once it is acknowledged', async () => {
    const listener = await Listener.connect();
    const userid = client.sandbox.world.userIdOf('mary', DEMO_CORP_ID);
    await control('people/leave', { personId: 'mary' });
    const message = await listener.next(1);
    expect(message).toMatchObject({
      type: 'EVENT',
      headers: { topic: '*', eventType: 'user_leave_org', eventCorpId: DEMO_CORP_ID },
    });
    expect(JSON.parse(message.data)).toEqual({ timeStamp: expect.stringMatching(/^\d{13}$/), userId: [userid] });
    listener.answer(message, 'SUCCESS');
    await eventually(async () => expect(await outcomes()).toEqual(['SUCCESS']));
    await control('clock', { advanceMs: 300_000 });
    expect(await outcomes()).toEqual(['SUCCESS']);
    listener.close();
  });

  it('delivers again after LATER, and after no answer, at growing intervals', async () => {
    const listener = await Listener.connect();
    await control('people/leave', { personId: 'mary' });
    listener.answer(await listener.next(1), 'LATER');
    await eventually(async () => expect(await outcomes()).toEqual(['LATER']));
    await control('clock', { advanceMs: 10_000 });
    const again = await listener.next(2);
    expect(again.headers['eventId']).toBe(listener.messages[0]?.headers['eventId']);
    expect(again.headers['messageId']).not.toBe(listener.messages[0]?.headers['messageId']);
    await control('clock', { advanceMs: 10_000 });
    expect(await outcomes()).toEqual(['LATER', 'pending']);
    await control('clock', { advanceMs: 20_000 });
    await eventually(async () => expect(await outcomes()).toHaveLength(3));
    listener.close();
  });

  it('loses, duplicates, holds and reverses events', async () => {
    const listener = await Listener.connect();
    const emit = (user: string) =>
      control('events', { type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds: [user, 'other'] });
    await control('events/behaviour', { lose: 1 });
    await emit('lost');
    await control('events/behaviour', { copies: 2, hold: true });
    await emit('first');
    await emit('second');
    await control('events/release', { order: 'reversed' });
    await listener.next(4);
    const ids = listener.messages.map(({ data }) => (JSON.parse(data) as { userId: string[] }).userId);
    expect(ids).toEqual([
      ['second', 'other'],
      ['second', 'other'],
      ['first', 'other'],
      ['first', 'other'],
    ]);
    listener.close();
  });

  it('announces that it will disconnect, sends nothing more on that connection, then closes it', async () => {
    const old = await Listener.connect();
    await control('stream', { disconnect: true });
    expect(await old.next(1)).toMatchObject({ type: 'SYSTEM', headers: { topic: 'disconnect' } });
    const fresh = await Listener.connect();
    await control('people/leave', { personId: 'mary' });
    await fresh.next(1);
    expect(old.messages).toHaveLength(1);
    await control('clock', { advanceMs: 10_000 });
    await eventually(() => expect(old.isClosed).toBe(true));
    expect((await client.get('/__sandbox__/events')).body).toMatchObject({ mostAtATime: 2 });
    fresh.close();
  });

  it('pings, and stops if it is set to be silent', async () => {
    const listener = await Listener.connect();
    await control('clock', { advanceMs: 25_000 });
    expect(await listener.next(1)).toMatchObject({ type: 'SYSTEM', headers: { topic: 'ping' } });
    await control('stream', { silent: true });
    await control('clock', { advanceMs: 50_000 });
    await control('stream', { silent: false, raw: '{"type":"SYSTEM","headers":{},"data":""}' });
    await listener.next(2);
    expect(listener.messages.map(({ headers }) => headers['topic'])).toEqual(['ping', undefined]);
    listener.close();
  });

  it('selects among several connections', async () => {
    const listeners = await Promise.all([1, 2, 3].map(() => Listener.connect()));
    for (let number = 0; number < 60; number += 1) {
      client.sandbox.events.emit({ type: 'user_add_org', corpId: DEMO_CORP_ID, userIds: [`u${number}`] });
    }
    await eventually(() => expect(listeners.flatMap(({ messages }) => messages)).toHaveLength(60));
    for (const listener of listeners) {
      expect(listener.messages.length).toBeGreaterThan(0);
      listener.close();
    }
  });
});

describe('HTTP push', () => {
  const registration = {
    clientId: DEMO_CLIENT_ID,
    token: 'token123',
    aesKey: '1234567890123456789012345678901234567890123',
  };
  const received: { query: URLSearchParams; content: Record<string, unknown> }[] = [];
  let server: Server;
  let reply: (text: string) => object;
  let url: string;

  beforeAll(async () => {
    const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const { encrypt: encrypted } = JSON.parse(text) as { encrypt: string };
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      const content = JSON.parse(decrypt(registration.aesKey, encrypted).text) as Record<string, unknown>;
      received.push({ query, content });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(reply('success')));
    };
    server = createServer((request, response) => void take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  });
  beforeEach(() => {
    received.length = 0;
    reply = (text) => {
      const sealed = encrypt(registration.aesKey, '0123456789abcdef', text, DEMO_CLIENT_ID);
      return { msg_signature: sign(registration.token, '1', 'n', sealed), timeStamp: '1', nonce: 'n', encrypt: sealed };
    };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('agrees with the vendor’s test vector', () => {
    const sealed = 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==';
    expect(sign('123456', '1614767836', 'A7Co0cJLMzIDtMMI', sealed)).toBe('9a95a004dd16f5c307e849b994173f76aa26e5eb');
    expect(decrypt(registration.aesKey, sealed)).toEqual({ text: 'success', owner: 'dingsnotzck6pm5veliw' });
  });

  it('verifies an address before it is used, and delivers again until the answer is an encrypted success', async () => {
    expect(await control('push', { ...registration, url })).toMatchObject({ body: { outcome: 'success' } });
    expect(received[0]?.content).toEqual({ EventType: 'check_url' });
    reply = () => ({ ok: true });
    await control('people/leave', { personId: 'mary' });
    await eventually(async () => expect(await outcomes()).toEqual(['nobody', 'not signed']));
    reply = () => ({ msg_signature: 'x', timeStamp: '1', nonce: 'n', encrypt: 'AAAA' });
    await control('clock', { advanceMs: 10_000 });
    await eventually(async () => expect((await outcomes()).at(-1)).toBe('not signed'));
    await eventually(() => expect(received).toHaveLength(3));
    expect(received[2]?.content).toMatchObject({ EventType: 'user_leave_org', CorpId: DEMO_CORP_ID });
    expect(received[2]?.query.get('signature')).toBe(received[2]?.query.get('msg_signature'));
  });

  it('rejects an address that answers incorrectly', async () => {
    reply = () => ({});
    expect(await control('push', { ...registration, url })).toMatchObject({ body: { outcome: 'not signed' } });
    expect(await control('push', { ...registration, url: 'http://127.0.0.1:9/x' })).toMatchObject({
      body: { outcome: 'no answer' },
    });
  });

  it.each(['signature', 'stale', 'owner', 'replay'])('can be forged: %s', async (flaw) => {
    await control('push', { ...registration, url });
    const event = { type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds: ['x'] };
    expect(await control('push/attack', { clientId: DEMO_CLIENT_ID, flaw, event })).toMatchObject({ status: 200 });
    expect(received).toHaveLength(2);
  });
});
