/**
 * Whether this page stands in a frame, as portals show NocoBase. The gateway's pages and DingTalk's allow none
 * (`frame-ancestors`, RFC 6819 section 5.2.2.6): a sign-in needs the top window, or one of its own.
 */
export function isFramed(): boolean {
  return window.top !== window.self;
}
