/** A change in an organization, received either way; ids only. Events of no interest are `other`. */
export interface OrganizationEvent {
  /** DingTalk's own id, for detecting duplicates; derived from the content if an old delivery has none. */
  readonly id: string;
  readonly kind: 'left' | 'joined' | 'other';
  readonly corpId: string | undefined;
  readonly userids: readonly string[];
  /** When it happened, in ms since 1970. */
  readonly at: number;
}

/** The result for an event: noted durably, or not, so that DingTalk should send it again. */
export type Noted = 'noted' | 'later';

/** Resolves when the ids are durable; the work follows later. */
export type EventListener = (event: OrganizationEvent) => Promise<Noted>;
