import type { EventListener, OrganizationEvent, Noted, WatchState } from '../leavers/index.js';
import type { UpstreamHttpClient } from '../upstream/index.js';
import { StreamClient, type StreamHost } from './stream/stream-client.js';
import type { StreamState } from './stream/stream-notice.js';
import type { StreamApplication } from './stream/ticket.js';

interface Subscriber {
  readonly hear: EventListener;
  /** The state of the connection for an administrator: at once if it is known, and after each change. */
  readonly state: (state: WatchState) => void;
}

/** The book's limit. */
const MAX_DETAIL = 200;

interface Shared {
  /** The application: its other connections receive part of its events. */
  readonly of: string;
  readonly client: Pick<StreamClient, 'state' | 'start' | 'close'>;
  readonly subscribers: Set<Subscriber>;
}

/**
 * One connection for each DingTalk application and way to reach it, shared by the authenticators that listen. DingTalk
 * sends an event to one of an application's connections, chosen at random, so all authenticators of the application get
 * the events of each.
 */
export class EventStreams {
  private readonly open = new Map<string, Shared>();

  /** @param http for requesting an address; used by nothing else */
  constructor(
    private readonly http: UpstreamHttpClient,
    private readonly made: (application: StreamApplication, host: StreamHost) => Shared['client'] = (
      application,
      host,
    ) => new StreamClient(application, host),
  ) {}

  /** @returns a function to leave; when the last one leaves, the connection ends */
  join(application: StreamApplication, subscriber: Subscriber): () => Promise<void> {
    const name = nameOf(application);
    const shared = this.open.get(name) ?? this.connect(name, application);
    shared.subscribers.add(subscriber);
    if (shared.client.state !== undefined) subscriber.state(watchStateOf(shared.client.state));
    return async () => {
      shared.subscribers.delete(subscriber);
      if (shared.subscribers.size > 0 || this.open.get(name) !== shared) return;
      this.open.delete(name);
      await shared.client.close();
    };
  }

  private connect(name: string, application: StreamApplication): Shared {
    const subscribers = new Set<Subscriber>();
    const of = JSON.stringify([application.apiUrl, application.clientId]);
    const client = this.made(application, {
      http: this.http,
      listener: async (event) => heardBy(this.subscribersOf(of), event),
      state: (state) => {
        for (const subscriber of subscribers) subscriber.state(watchStateOf(state));
      },
    });
    const shared = { of, client, subscribers };
    this.open.set(name, shared);
    client.start();
    return shared;
  }

  private subscribersOf(application: string): readonly Subscriber[] {
    return [...this.open.values()].flatMap(({ of, subscribers }) => (of === application ? [...subscribers] : []));
  }
}

/**
 * Only an event noted by all of them need not be sent again; duplicates are harmless. An event without listeners is
 * left to another replica.
 */
async function heardBy(subscribers: readonly Subscriber[], event: OrganizationEvent): Promise<Noted> {
  const noted = await Promise.all(subscribers.map(async ({ hear }) => hear(event)));
  return noted.length > 0 && noted.every((one) => one === 'noted') ? 'noted' : 'later';
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
