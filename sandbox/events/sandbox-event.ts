/** A change as DingTalk would tell it; ids only, as internal applications get it. */
export interface SandboxEvent {
  eventId: string;
  type: string;
  corpId: string;
  userIds: string[];
  /** In ms since 1970. */
  bornAt: number;
}

/** What came of one delivery. */
export interface DeliveryRecord {
  eventId: string;
  via: 'stream' | 'push';
  /** 1 is the first. */
  attempt: number;
  /** `pending` until answered; of a push also the reason why its answer is none. */
  outcome: string;
}
