import type { Unclear } from '../../leavers/index.js';

/** Why there is no connection, in the terms of the watch. */
export type StreamTrouble = Extract<Unclear, 'credentials_refused' | 'address_refused' | 'no_answer'>;

/** `detail` is for the log: codes and our own words, never an address, a ticket or text from DingTalk. */
export type StreamState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly why: StreamTrouble; readonly detail: string };

/** For counters. */
export const STREAM_NOTICES = [
  'event',
  /** Not noted, or not in time: DingTalk was asked to send it again. */
  'later',
  'unreadable_frame',
  'unreadable_event',
  'unknown_topic',
  'opened',
  'opening_failed',
  /** DingTalk announced that it will close the connection. */
  'announced_end',
  'ended',
  'silent',
] as const;
export type StreamNotice = (typeof STREAM_NOTICES)[number];
