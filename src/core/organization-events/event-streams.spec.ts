import type { EventListener, OrganizationEvent } from '../leavers/index.js';
import type { UpstreamHttpClient } from '../upstream/index.js';
import { EventListeners } from './event-listeners.js';
import { EventStreams, STREAM_TOLD_FOR_MS } from './event-streams.js';
import { FakeMoments } from './spec-support.js';
import type { StreamHost } from './stream/stream-client.js';
import type { StreamState } from './stream/stream-notice.js';

const APPLICATION = {
  apiUrl: 'https://api.dingtalk.com',
  clientId: 'client',
  clientSecret: 'secret',
  timeoutMs: 5000,
};
const LEFT: OrganizationEvent = { id: 'event', kind: 'left', corpId: 'corp', userids: ['id-2'], at: 0 };

function setUp() {
  const opened: { readonly listener: EventListener; readonly close: jest.Mock }[] = [];
  const streams = new EventStreams(
    {} as UpstreamHttpClient,
    new EventListeners(),
    (_application, { listener }: StreamHost) => {
      const close = jest.fn(async () => undefined);
      opened.push({ listener, close });
      return { state: undefined, start: () => undefined, close };
    },
  );
  const subscriber = (noted: 'noted' | 'later' = 'noted') => ({
    hear: jest.fn(async () => noted),
    state: () => undefined,
  });
  return { opened, streams, subscriber };
}

describe('Connections for events', () => {
  it('acknowledge nothing that no one listens to any more, so that DingTalk sends it to another replica', async () => {
    const { opened, streams, subscriber } = setUp();
    const one = subscriber();
    const leave = streams.join(APPLICATION, one);
    expect(await opened[0]!.listener(LEFT)).toBe('noted');
    await leave();
    // The closing handshake takes a moment.
    expect(await opened[0]!.listener(LEFT)).toBe('later');
    expect(one.hear).toHaveBeenCalledTimes(1);
    expect(opened[0]!.close).toHaveBeenCalledTimes(1);
  });

  it('notify all authenticators of the application, even those that reach it in another way', async () => {
    const { opened, streams, subscriber } = setUp();
    const [one, other, stranger] = [subscriber(), subscriber(), subscriber()];
    streams.join(APPLICATION, one);
    streams.join({ ...APPLICATION, timeoutMs: 9000 }, other);
    streams.join({ ...APPLICATION, clientId: 'another' }, stranger);
    // DingTalk sends an event to one connection of a Client ID.
    expect(await opened[1]!.listener(LEFT)).toBe('noted');
    expect(one.hear).toHaveBeenCalledTimes(1);
    expect(other.hear).toHaveBeenCalledTimes(1);
    expect(stranger.hear).not.toHaveBeenCalled();
  });

  it('request an event again that one of the listeners has not noted', async () => {
    const { opened, streams, subscriber } = setUp();
    streams.join(APPLICATION, subscriber());
    streams.join(APPLICATION, subscriber('later'));
    expect(opened).toHaveLength(1);
    expect(await opened[0]!.listener(LEFT)).toBe('later');
  });

  it('report their state in the terms of the watch, at once to a later listener, and within the book’s limit', () => {
    let told: (state: StreamState) => void = () => undefined;
    const client = {
      state: undefined as StreamState | undefined,
      start: () => undefined,
      close: async () => undefined,
    };
    const streams = new EventStreams(
      {} as UpstreamHttpClient,
      new EventListeners(),
      (_application, { state }: StreamHost) => {
        told = state!;
        return client;
      },
    );
    const [one, later] = [jest.fn(), jest.fn()];
    streams.join(APPLICATION, { hear: async () => 'noted', state: one });
    client.state = { kind: 'disconnected', why: 'no_answer', detail: 'x'.repeat(300) };
    told(client.state);
    streams.join(APPLICATION, { hear: async () => 'noted', state: later });
    const trouble = { what: 'stream', why: 'no_answer', detail: 'x'.repeat(200) };
    expect([one.mock.calls, later.mock.calls]).toEqual([
      [[{ stream: 'disconnected', trouble }]],
      [[{ stream: 'disconnected', trouble }]],
    ]);
    told({ kind: 'connected' });
    expect(one).toHaveBeenLastCalledWith({ stream: 'connected', trouble: { what: 'stream', why: 'none' } });
  });

  it('report their state again every minute, because a killed process reports nothing', async () => {
    const moments = new FakeMoments();
    const client = {
      state: { kind: 'connected' } as StreamState,
      start: () => undefined,
      close: async () => undefined,
    };
    const streams = new EventStreams({} as UpstreamHttpClient, new EventListeners(), () => client, moments);
    const state = jest.fn();
    const leave = streams.join(APPLICATION, { hear: async () => 'noted', state });
    state.mockClear();
    await moments.pass(STREAM_TOLD_FOR_MS);
    expect(state.mock.calls).toEqual([1, 2, 3].map(() => [{ stream: 'connected' }]));
    await leave();
    await moments.pass(STREAM_TOLD_FOR_MS);
    expect(state).toHaveBeenCalledTimes(3);
    expect(moments.next()).toBeUndefined();
  });
});
