import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Dispatchers, sendByUndici, UpstreamHttpClient } from '../src/core/upstream/index.js';
import type { Noted, OrganizationEvent } from '../src/core/leavers/index.js';
import {
  PushReceiver,
  StreamClient,
  type StreamHost,
  type StreamNotice,
  type StreamState,
} from '../src/core/organization-events/index.js';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { ConnectProxy } from './support/connect-proxy.js';
import { eventually } from './support/eventually.js';

/** Our Stream client, over real sockets, with the sandbox's side of Stream. */
class Case {
  readonly events: OrganizationEvent[] = [];
  readonly states: StreamState[] = [];
  readonly notices: StreamNotice[] = [];
  noted: (event: OrganizationEvent) => Promise<Noted> = async () => 'noted';
  readonly client: StreamClient;

  constructor(
    readonly sandbox: Sandbox,
    { clientSecret = DEMO_CLIENT_SECRET, proxyUrl }: { clientSecret?: string; proxyUrl?: string } = {},
    host: Partial<StreamHost> = {},
  ) {
    const dispatchers = new Dispatchers();
    this.client = new StreamClient(
      {
        apiUrl: sandbox.apiUrl,
        clientId: DEMO_CLIENT_ID,
        clientSecret,
        timeoutMs: 5000,
        ...(proxyUrl === undefined ? {} : { proxyUrl }),
      },
      {
        http: new UpstreamHttpClient({ request: async (request) => sendByUndici(dispatchers, request) }),
        listener: async (event) => {
          this.events.push(event);
          return this.noted(event);
        },
        state: (state) => this.states.push(state),
        notice: (notice) => this.notices.push(notice),
        // No delay between attempts.
        random: () => 0,
        ...host,
      },
    );
    this.client.start();
  }

  async connected(): Promise<this> {
    await eventually(() => {
      if (this.client.state?.kind !== 'connected') throw new Error(JSON.stringify(this.client.state));
    });
    return this;
  }
}

let sandbox: Sandbox;
const cases: Case[] = [];
/** What a test opened beside its clients: closed even if it fails. */
const opened: { close(): Promise<unknown> }[] = [];
const start = (...given: [ConstructorParameters<typeof Case>[1]?, Partial<StreamHost>?]): Case => {
  const made = new Case(sandbox, ...given);
  cases.push(made);
  return made;
};
const outcomes = (): string[] => sandbox.stream.deliveries.map(({ outcome }) => outcome);
const left = (...userIds: string[]) => sandbox.events.emit({ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds });

beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterEach(async () => {
  await Promise.all(cases.splice(0).map(({ client }) => client.close()));
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => sandbox.close());

describe('Stream', () => {
  it('reports who left, acknowledges it, and leaves no socket behind', async () => {
    const one = await start().connected();
    const { userId } = sandbox.world.staff.leave('mary').membership;
    await eventually(() => expect(outcomes()).toEqual(['SUCCESS']));
    expect(one.events).toMatchObject([{ kind: 'left', corpId: DEMO_CORP_ID, userids: [userId] }]);
    await one.client.close();
    await eventually(() => expect(sandbox.stream.connections()).toEqual([]));
    expect(one.states).toEqual([{ kind: 'connected' }]);
  });

  it('requests an event again that was not noted, and accepts a duplicate once', async () => {
    const one = await start().connected();
    one.noted = async () => 'later';
    const { eventId } = left('a', 'b');
    await eventually(() => expect(outcomes()).toEqual(['LATER']));
    one.noted = async () => 'noted';
    sandbox.clock.advance(10_000);
    await eventually(() => expect(outcomes()).toEqual(['LATER', 'SUCCESS']));
    sandbox.events.emit({ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds: ['a', 'b'], eventId });
    await eventually(() => expect(outcomes()).toEqual(['LATER', 'SUCCESS', 'SUCCESS']));
    expect(one.events.map(({ id }) => id)).toEqual([eventId, eventId]);
  });

  it('opens the next connection before the announced disconnection, and loses nothing', async () => {
    const one = await start().connected();
    for (let round = 0; round < 3; round += 1) {
      const before = sandbox.stream.connections().at(-1)?.id;
      sandbox.stream.disconnect();
      await eventually(() => expect(sandbox.stream.connections().at(-1)?.id).not.toBe(before));
      left(`round-${round}`);
      await eventually(() => expect(one.events).toHaveLength(round + 1));
    }
    await eventually(() => expect(outcomes()).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']));
    expect(sandbox.stream.mostAtATime).toBe(2);
    expect(one.states).toEqual([{ kind: 'connected' }]);
  });

  it('reconnects after a cut, and reports in between that it was disconnected', async () => {
    const one = await start().connected();
    sandbox.failures.set('openStream', 'busy', { times: 1 });
    sandbox.stream.drop();
    await eventually(() => expect(one.states).toHaveLength(3));
    expect(one.states.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected']);
    left('a');
    await eventually(() => expect(outcomes()).toEqual(['SUCCESS']));
  });

  it('survives invalid frames', async () => {
    const one = await start().connected();
    const bad = ['', 'null', '[]', '{', '{"type":1}', '{"type":"EVENT"}', '{"type":"EVENT","headers":[]}'];
    for (const text of bad) sandbox.stream.sendRaw(text);
    sandbox.stream.sendRaw(
      '{"type":"EVENT","headers":{"topic":"*","messageId":"m1","eventType":"user_leave_org"},"data":"{"}',
    );
    sandbox.stream.sendRaw('{"type":"NEW","headers":{"topic":"x","messageId":"m2"},"data":""}');
    sandbox.stream.sendRaw('{"type":"CALLBACK","headers":{"topic":"/v1.0/im/bot","messageId":"m3"},"data":"{}"}');
    sandbox.stream.sendRaw(
      '{"type":"SYSTEM","headers":{"topic":"ping","messageId":"m4"},"data":"{\\"opaque\\":\\"o\\"}"}',
    );
    left('a');
    await eventually(() => expect(outcomes()).toEqual(['SUCCESS']));
    const answers = sandbox.stream.received.map(
      (text) => JSON.parse(text) as { code: number; headers: { messageId: string }; data: string },
    );
    const byMessage = Object.fromEntries(answers.map(({ code, headers, data }) => [headers.messageId, [code, data]]));
    expect(byMessage).toMatchObject({
      m1: [200, JSON.stringify({ status: 'SUCCESS', message: 'ok' })],
      m2: [404, ''],
      m3: [200, JSON.stringify({ response: null })],
      m4: [200, JSON.stringify({ opaque: 'o' })],
    });
    expect(one.notices.filter((notice) => notice === 'unreadable_frame')).toHaveLength(bad.length);
    expect(one.events).toHaveLength(1);
    expect(one.states).toEqual([{ kind: 'connected' }]);
  });

  it('closes a connection that sends more than it reads, and reconnects', async () => {
    const one = await start().connected();
    sandbox.stream.sendRaw('x'.repeat(2 * 1024 * 1024));
    await eventually(() => expect(one.notices.filter((notice) => notice === 'opened')).toHaveLength(2));
    expect(one.events).toEqual([]);
  });

  it('reports refused credentials, and shows neither secret nor ticket', async () => {
    const one = start({ clientSecret: 'wrong-secret' });
    await eventually(() => expect(one.states).toHaveLength(1));
    expect(one.states[0]).toMatchObject({ kind: 'disconnected', why: 'credentials_refused' });
    expect(JSON.stringify(one.states)).not.toMatch(/wrong-secret|ticket|ws:/);
    expect(JSON.stringify(one.states)).toContain('authFailed');
  });

  it.each([
    ['ip-not-whitelisted' as const, 'address_refused'],
    ['drop' as const, 'no_answer'],
    ['html-ban' as const, 'no_answer'],
    [{ status: 200, body: { endpoint: 'http://127.0.0.1/x', ticket: 't' } }, 'no_answer'],
    [{ status: 200, body: { endpoint: 'ws://192.0.2.1/x', ticket: 't' } }, 'no_answer'],
    [{ status: 200, body: { endpoint: 'ws://127.0.0.1:1/x', ticket: 'secret-ticket' } }, 'no_answer'],
  ])('reports %j as %s', async (failure, why) => {
    sandbox.failures.set('openStream', failure);
    const one = start();
    await eventually(() => expect(one.states).toMatchObject([{ kind: 'disconnected', why }]));
    expect(JSON.stringify(one.states)).not.toContain('secret-ticket');
    sandbox.failures.clear();
    await one.connected();
  });

  it('uses the proxy for DingTalk', async () => {
    const { host } = new URL(sandbox.url);
    const proxy = await ConnectProxy.start(new Map([[host, host]]), 'user:secret');
    opened.push(proxy);
    const one = await start({ proxyUrl: `http://user:secret@${proxy.address}` }).connected();
    left('a');
    await eventually(() => expect(one.events).toHaveLength(1));
    // The call and the connection.
    expect(proxy.targets).toEqual([host, host]);
    sandbox.stream.sendRaw('x'.repeat(2 * 1024 * 1024));
    await eventually(() => expect(one.notices.filter((notice) => notice === 'opened')).toHaveLength(2));
  });

  it('shares events with other replicas, each event once', async () => {
    const replicas = await Promise.all([start().connected(), start().connected(), start().connected()]);
    for (let number = 0; number < 100; number += 1) left(`u${number}`);
    await eventually(() => expect(outcomes().filter((outcome) => outcome === 'SUCCESS')).toHaveLength(100));
    const told = replicas.flatMap(({ events }) => events.flatMap(({ userids }) => userids));
    expect(new Set(told).size).toBe(100);
    expect(told).toHaveLength(100);
    for (const { events } of replicas) expect(events.length).toBeGreaterThan(0);
  });
});

it('accepts what DingTalk pushes, and nothing else', async () => {
  const options = {
    token: 'token123',
    aesKey: '1234567890123456789012345678901234567890123',
    owners: [DEMO_CLIENT_ID],
  };
  const events: OrganizationEvent[] = [];
  const notices: string[] = [];
  let answer: Noted = 'later';
  const listener = async (event: OrganizationEvent): Promise<Noted> => {
    events.push(event);
    return answer;
  };
  const moments = { now: () => sandbox.clock.now(), after: () => () => undefined };
  const receiver = new PushReceiver(options, { listener, moments, notice: (notice) => notices.push(notice) });
  const door = await HttpDoor.open(receiver);
  opened.push(door);
  const { token, aesKey } = options;
  expect(await sandbox.push.register({ clientId: DEMO_CLIENT_ID, url: `${door.url}?kept=1`, token, aesKey })).toBe(
    'success',
  );

  sandbox.world.staff.leave('mary');
  await eventually(() => expect(sandbox.push.deliveries.map(({ outcome }) => outcome)).toEqual(['HTTP 503']));
  answer = 'noted';
  await eventually(() => {
    sandbox.clock.advance(10_000);
    expect(sandbox.push.deliveries.map(({ outcome }) => outcome)).toEqual(['HTTP 503', 'success']);
  });
  expect(events.map(({ kind }) => kind)).toEqual(['left', 'left']);
  expect(events[0]?.id).toBe(events[1]?.id);

  const event = sandbox.events.make({ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds: ['victim'] });
  for (const flaw of ['signature', 'stale', 'owner', 'garbage', 'replay'] as const) {
    expect(await sandbox.push.attack(DEMO_CLIENT_ID, flaw, event)).toBe('HTTP 403');
  }
  expect(notices.slice(-5)).toEqual(['signature', 'stale', 'other_owner', 'signature', 'replayed']);
  expect(events).toHaveLength(2);
  expect(new Set(door.refusals)).toEqual(new Set(['{"error":"refused"}']));
});

/** A receiver behind a plain server, as a host integrates it. */
class HttpDoor {
  readonly refusals: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(receiver: PushReceiver): Promise<HttpDoor> {
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const query = Object.fromEntries(new URL(request.url ?? '', 'http://x').searchParams);
      const answer = await receiver.receive({ query, body: JSON.parse(text) as unknown });
      const sent = JSON.stringify(answer.body);
      if (answer.status === 403) door.refusals.push(sent);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(sent);
    };
    const server = createServer((request, response) => void serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const door = new HttpDoor(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`);
    return door;
  }

  close(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
