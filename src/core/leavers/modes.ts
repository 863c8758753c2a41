/**
 * What happens when a person has left an organization: nothing is checked; it is reported; the account is locked, or in
 * stock mode its sessions end.
 */
export const LEAVER_MODES = ['off', 'report', 'lock'] as const;
export type LeaverMode = (typeof LEAVER_MODES)[number];

/**
 * How DingTalk notifies us of changes in an organization: not at all, over a connection that we open, or by calls to
 * us.
 */
export const EVENT_WAYS = ['off', 'stream', 'push'] as const;
export type EventWay = (typeof EVENT_WAYS)[number];
