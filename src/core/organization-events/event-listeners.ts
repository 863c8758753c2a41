import type { EventListener, Noted, OrganizationEvent } from '../leavers/index.js';
import type { StreamApplication } from './stream/ticket.js';

/** Which of DingTalk's applications, at which DingTalk. */
export type EventSource = Pick<StreamApplication, 'apiUrl' | 'clientId'>;

/**
 * Who listens to which application. DingTalk tells each event once: to one of the connections of a Client ID, chosen at random, or at
 * the one address that its console has for the application. All authenticators of the application hear it, whichever was told.
 */
export class EventListeners {
  private readonly listeners = new Map<string, Set<EventListener>>();

  /** @returns how to hear no more */
  add(source: EventSource, hear: EventListener): () => void {
    const name = nameOf(source);
    const those = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, those.add(hear));
    return () => {
      those.delete(hear);
      if (those.size === 0 && this.listeners.get(name) === those) this.listeners.delete(name);
    };
  }

  /** Only what all of them have noted need not come again; twice is once. What nobody hears any more is another replica's. */
  async tell(source: EventSource, event: OrganizationEvent): Promise<Noted> {
    const those = [...(this.listeners.get(nameOf(source)) ?? [])];
    const noted = await Promise.all(those.map(async (hear) => hear(event)));
    return noted.length > 0 && noted.every((one) => one === 'noted') ? 'noted' : 'later';
  }
}

function nameOf({ apiUrl, clientId }: EventSource): string {
  return JSON.stringify([apiUrl, clientId]);
}
