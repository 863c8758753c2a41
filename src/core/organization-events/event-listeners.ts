import type { EventListener, Noted, OrganizationEvent } from '../leavers/index.js';
import type { StreamApplication } from './stream/ticket.js';

/** A DingTalk application, and the DingTalk where it is registered. */
export type EventSource = Pick<StreamApplication, 'apiUrl' | 'clientId'>;

/**
 * The listeners of each application. DingTalk sends each event once: to one of the connections of a Client ID, chosen at random, or
 * to the one address that its console has for the application. All authenticators of the application get it.
 */
export class EventListeners {
  private readonly listeners = new Map<string, Set<EventListener>>();

  /** @returns a function to stop listening */
  add(source: EventSource, hear: EventListener): () => void {
    const name = nameOf(source);
    const those = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, those.add(hear));
    return () => {
      those.delete(hear);
      if (those.size === 0 && this.listeners.get(name) === those) this.listeners.delete(name);
    };
  }

  /**
   * Only an event noted by all of them need not be sent again; duplicates are harmless. An event without listeners is
   * left to another replica.
   */
  async tell(source: EventSource, event: OrganizationEvent): Promise<Noted> {
    const those = [...(this.listeners.get(nameOf(source)) ?? [])];
    const noted = await Promise.all(those.map(async (hear) => hear(event)));
    return noted.length > 0 && noted.every((one) => one === 'noted') ? 'noted' : 'later';
  }
}

function nameOf({ apiUrl, clientId }: EventSource): string {
  return JSON.stringify([apiUrl, clientId]);
}
