import type { Clock } from '../clock.js';
import type { Ids } from '../ids.js';
import type { World } from '../world.js';
import type { PushSender } from './push-sender.js';
import type { SandboxEvent } from './sandbox-event.js';
import type { StreamDesk } from './stream-desk.js';

export type NewEvent = Pick<SandboxEvent, 'type' | 'corpId' | 'userIds'> & {
  eventId?: string | undefined;
  bornAt?: number | undefined;
};

/** The order in which held events are delivered. */
export const RELEASE_ORDERS = ['as-born', 'reversed', 'shuffled'] as const;
export type ReleaseOrder = (typeof RELEASE_ORDERS)[number];

/** Delivers events to every application of the organization, by Stream and by HTTP push. */
export class EventHub {
  /** Events are held until they are released: late, or out of order. */
  isHolding = false;
  /** How often each event is delivered. */
  copies = 1;
  /** This many of the next events are lost. */
  losing = 0;
  #held: SandboxEvent[] = [];

  constructor(
    private readonly world: World,
    private readonly stream: StreamDesk,
    private readonly push: PushSender,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {
    world.staff.onChange((change) => this.emit(change));
  }

  make({ type, corpId, userIds, eventId, bornAt }: NewEvent): SandboxEvent {
    return {
      eventId: eventId ?? this.ids.token('event'),
      type,
      corpId: this.world.organization(corpId).corpId,
      userIds,
      bornAt: bornAt ?? this.clock.now(),
    };
  }

  emit(input: NewEvent): SandboxEvent {
    const event = this.make(input);
    if (this.losing > 0) this.losing -= 1;
    else if (this.isHolding) this.#held.push(event);
    else this.#tell(event);
    return event;
  }

  /** Delivers the held events, and stops holding. */
  release(order: ReleaseOrder = 'as-born'): void {
    const held = this.#held;
    this.#held = [];
    this.isHolding = false;
    for (const event of ordered(held, order, this.ids)) this.#tell(event);
  }

  clear(): void {
    this.#held = [];
    this.isHolding = false;
    this.copies = 1;
    this.losing = 0;
  }

  #tell(event: SandboxEvent): void {
    const apps = [...this.world.apps.values()].filter(({ corpId, internal }) => internal && corpId === event.corpId);
    for (const { clientId } of apps) {
      for (let copy = 0; copy < this.copies; copy += 1) {
        this.stream.deliver(clientId, event);
        this.push.deliver(clientId, event);
      }
    }
  }
}

function ordered(events: SandboxEvent[], order: ReleaseOrder, ids: Ids): SandboxEvent[] {
  if (order === 'as-born') return events;
  if (order === 'reversed') return events.toReversed();
  const drawn = events.map((event) => ({ event, lot: ids.token('lot') }));
  return drawn.toSorted((one, other) => (one.lot < other.lot ? -1 : 1)).map(({ event }) => event);
}
