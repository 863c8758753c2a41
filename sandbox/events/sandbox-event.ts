/** A change as DingTalk would report it; ids only, as internal applications receive it. */
export interface SandboxEvent {
  eventId: string;
  type: string;
  corpId: string;
  userIds: string[];
  /** In ms since 1970. */
  bornAt: number;
}

/** The result of one delivery. */
export interface DeliveryRecord {
  eventId: string;
  via: 'stream' | 'push';
  /** 1 is the first. */
  attempt: number;
  /** `pending` until answered; for a push also the reason why its answer is invalid. */
  outcome: string;
}
