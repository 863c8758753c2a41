import type { EventListener, WatchState } from '../leavers/index.js';
import type { UpstreamHttpClient } from '../upstream/index.js';
import type { EventListeners } from './event-listeners.js';
import { type Moments, realMoments } from './moments.js';
import { StreamClient, type StreamHost } from './stream/stream-client.js';
import type { StreamState } from './stream/stream-notice.js';
import type { StreamApplication } from './stream/ticket.js';

interface Subscriber {
  readonly hear: EventListener;
  /** The state of the connection for an administrator: at once if it is known, after each change, and every minute. */
  readonly state: (state: WatchState) => void;
}

/** The book's limit. */
const MAX_DETAIL = 200;

/** How often the state is reported again: a process that is killed reports nothing. */
const TOLD_AGAIN_MS = 60_000;
/** How long a report counts. */
export const STREAM_TOLD_FOR_MS = 3 * TOLD_AGAIN_MS;

interface Shared {
  readonly client: Pick<StreamClient, 'state' | 'start' | 'close'>;
  readonly subscribers: Set<Subscriber>;
  /** Stops the repeated reports. */
  tellNoMore: () => void;
}

/** One connection for each DingTalk application and way to reach it, shared by the authenticators that listen. */
export class EventStreams {
  private readonly open = new Map<string, Shared>();

  /** @param http for requesting an address; used by nothing else */
  constructor(
    private readonly http: UpstreamHttpClient,
    private readonly listeners: EventListeners,
    private readonly made: (application: StreamApplication, host: StreamHost) => Shared['client'] = (
      application,
      host,
    ) => new StreamClient(application, host),
    private readonly moments: Moments = realMoments,
  ) {}

  /** @returns a function to leave; when the last one leaves, the connection ends */
  join(application: StreamApplication, subscriber: Subscriber): () => Promise<void> {
    const name = nameOf(application);
    const shared = this.open.get(name) ?? this.connect(name, application);
    shared.subscribers.add(subscriber);
    const hearNoMore = this.listeners.add(application, subscriber.hear);
    if (shared.client.state !== undefined) subscriber.state(watchStateOf(shared.client.state));
    return async () => {
      hearNoMore();
      shared.subscribers.delete(subscriber);
      if (shared.subscribers.size > 0 || this.open.get(name) !== shared) return;
      this.open.delete(name);
      shared.tellNoMore();
      await shared.client.close();
    };
  }

  private connect(name: string, application: StreamApplication): Shared {
    const subscribers = new Set<Subscriber>();
    const client = this.made(application, {
      http: this.http,
      listener: async (event) => this.listeners.tell(application, event),
      state: (state) => {
        for (const subscriber of subscribers) subscriber.state(watchStateOf(state));
      },
    });
    const shared: Shared = { client, subscribers, tellNoMore: () => undefined };
    this.open.set(name, shared);
    client.start();
    this.tellAgain(shared);
    return shared;
  }

  private tellAgain(shared: Shared): void {
    shared.tellNoMore = this.moments.after(TOLD_AGAIN_MS, () => {
      const { state } = shared.client;
      if (state !== undefined) for (const { state: tell } of shared.subscribers) tell({ stream: state.kind });
      this.tellAgain(shared);
    });
  }
}

/** Authenticators of one application that reach it in the same way. */
function nameOf({ apiUrl, clientId, clientSecret, proxyUrl, timeoutMs }: StreamApplication): string {
  return JSON.stringify([apiUrl, clientId, clientSecret, proxyUrl, timeoutMs]);
}

function watchStateOf(state: StreamState): WatchState {
  if (state.kind === 'connected') return { stream: 'connected', trouble: { what: 'stream', why: 'none' } };
  const { why, detail } = state;
  return { stream: 'disconnected', trouble: { what: 'stream', why, detail: detail.slice(0, MAX_DETAIL) } };
}
