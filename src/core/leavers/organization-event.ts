/** What DingTalk tells of an organization, by whichever way; ids only. Everything else that it tells is `other`. */
export interface OrganizationEvent {
  /** DingTalk's own, to tell doubled events; made of the content where an old delivery has none. */
  readonly id: string;
  readonly kind: 'left' | 'joined' | 'other';
  readonly corpId: string | undefined;
  readonly userids: readonly string[];
  /** When it was born, in ms since 1970. */
  readonly at: number;
}

/** What became of an event: noted durably, or not, so that DingTalk should send it again. */
export type Noted = 'noted' | 'later';

/** @returns when the ids are durable; the work follows later */
export type EventListener = (event: OrganizationEvent) => Promise<Noted>;
