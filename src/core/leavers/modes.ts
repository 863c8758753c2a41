/** What comes of it when somebody has left an organization: nothing is asked; it is told; the account is locked. */
export const LEAVER_MODES = ['off', 'report', 'lock'] as const;
export type LeaverMode = (typeof LEAVER_MODES)[number];

/** How DingTalk tells of changes in an organization: not at all, by a connection that we open, or by calls to us. */
export const EVENT_WAYS = ['off', 'stream', 'push'] as const;
export type EventWay = (typeof EVENT_WAYS)[number];
