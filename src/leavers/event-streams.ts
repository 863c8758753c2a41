import type { EventListener, OrganizationEvent, Noted } from '../core/leavers/index.js';
import { StreamClient, type StreamApplication, type StreamState } from '../core/organization-events/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';

interface Subscriber {
  readonly hear: EventListener;
  readonly state: (state: StreamState) => void;
}

interface Shared {
  readonly client: StreamClient;
  readonly subscribers: Set<Subscriber>;
}

/**
 * One connection for each DingTalk application, whoever of its authenticators listens: DingTalk gives an event to one connection
 * only, chosen at random.
 */
export class EventStreams {
  private readonly open = new Map<string, Shared>();

  /** @param http for asking where to connect; of calls of its own */
  constructor(private readonly http: UpstreamHttpClient) {}

  /** @returns how to leave it; with the last one the connection ends */
  join(application: StreamApplication, subscriber: Subscriber): () => Promise<void> {
    const name = nameOf(application);
    const shared = this.open.get(name) ?? this.connect(name, application);
    shared.subscribers.add(subscriber);
    if (shared.client.state !== undefined) subscriber.state(shared.client.state);
    return async () => {
      shared.subscribers.delete(subscriber);
      if (shared.subscribers.size > 0 || this.open.get(name) !== shared) return;
      this.open.delete(name);
      await shared.client.close();
    };
  }

  private connect(name: string, application: StreamApplication): Shared {
    const subscribers = new Set<Subscriber>();
    const client = new StreamClient(application, {
      http: this.http,
      listener: async (event) => heardBy(subscribers, event),
      state: (state) => {
        for (const subscriber of subscribers) subscriber.state(state);
      },
    });
    const shared = { client, subscribers };
    this.open.set(name, shared);
    client.start();
    return shared;
  }
}

/** Only what all of them have noted need not come again; twice is once. */
async function heardBy(subscribers: ReadonlySet<Subscriber>, event: OrganizationEvent): Promise<Noted> {
  const noted = await Promise.all([...subscribers].map(async ({ hear }) => hear(event)));
  return noted.includes('later') ? 'later' : 'noted';
}

/** Authenticators of one application that reach it in the same way. */
function nameOf({ apiUrl, clientId, clientSecret, proxyUrl, timeoutMs }: StreamApplication): string {
  return JSON.stringify([apiUrl, clientId, clientSecret, proxyUrl, timeoutMs]);
}
