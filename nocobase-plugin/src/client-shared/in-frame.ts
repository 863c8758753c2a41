/**
 * Whether this page is in a frame, as portals show NocoBase. The gateway's and DingTalk's pages cannot be framed
 * (`frame-ancestors`, RFC 6819 section 5.2.2.6), so a sign-in needs the top window or a window of its own.
 */
export function isFramed(): boolean {
  return window.top !== window.self;
}
