import type { EventListener } from '../../../../src/core/leavers/index.js';
import { StreamClient, type StreamState } from '../../../../src/core/organization-events/index.js';
import { Dispatchers, sendByUndici, UpstreamHttpClient } from '../../../../src/core/upstream/index.js';

type Application = ConstructorParameters<typeof StreamClient>[0];

/** Who wants to hear of an application's events. */
export interface Hearer {
  readonly hear: EventListener;
  readonly state: (state: StreamState) => void;
}

interface Shared {
  readonly hearers: Set<Hearer>;
  readonly client: StreamClient;
}

/**
 * The connections of this node to DingTalk's Stream: one for each application, however many authenticators have it. An event goes to
 * one of an application's connections, so all who have it share what comes.
 */
export class Streams {
  private readonly shared = new Map<string, Shared>();
  /** What a connection meets stops no sign-in. */
  private readonly http: UpstreamHttpClient;

  constructor() {
    const dispatchers = new Dispatchers();
    this.http = new UpstreamHttpClient({ request: async (request) => sendByUndici(dispatchers, request) });
  }

  /** @returns how to hear no more */
  join(application: Application, hearer: Hearer): () => Promise<void> {
    const key = JSON.stringify(application);
    const shared = this.shared.get(key) ?? this.open(application, key);
    shared.hearers.add(hearer);
    if (shared.client.state !== undefined) hearer.state(shared.client.state);
    return async () => {
      shared.hearers.delete(hearer);
      if (shared.hearers.size > 0 || this.shared.get(key) !== shared) return;
      this.shared.delete(key);
      await shared.client.close();
    };
  }

  private open(application: Application, key: string): Shared {
    const hearers = new Set<Hearer>();
    const client = new StreamClient(application, {
      http: this.http,
      // Noted where all have noted it: whoever has, takes the same again for the same.
      listener: async (event) => {
        const noted = await Promise.all([...hearers].map(async ({ hear }) => hear(event)));
        return noted.length > 0 && noted.every((one) => one === 'noted') ? 'noted' : 'later';
      },
      state: (state) => hearers.forEach((hearer) => hearer.state(state)),
    });
    const shared = { hearers, client };
    this.shared.set(key, shared);
    client.start();
    return shared;
  }
}
