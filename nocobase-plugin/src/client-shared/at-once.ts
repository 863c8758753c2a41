import { loopGuardUnder } from '../../../src/core/browser/index.js';
import { ERROR_PARAMETER } from '../../../src/core/plugin-protocol/addresses.js';
import type { PublicOptions } from './client-app.js';
import { isFramed } from './in-frame.js';
import { hasJustSignedOut } from './signed-out.js';

export const loopGuard = loopGuardUnder('dingtalk:sign-ins-at-once');

/**
 * Whether the sign-in page goes on to DingTalk without a press of the button: if the administrator chose that, and inside
 * DingTalk's client, which signs people in silently. Not after a sign-out or an error, not with `?local=1`, not in a redirect loop,
 * and not in a frame, which must not navigate away unasked. The user agent is only a hint: a false one leads to a page that finds
 * no DingTalk client and continues in the browser.
 *
 * @param search query of NocoBase's sign-in page
 */
export function flowAtOnce(search: string, options: PublicOptions): 'browser' | 'in-app' | undefined {
  const query = new URLSearchParams(search);
  const wantsToStay = query.get('local') === '1' || query.has(ERROR_PARAMETER) || hasJustSignedOut();
  if (wantsToStay || options.ready === false || isFramed() || loopGuard.look() !== 'free') return undefined;
  if (options.inApp === true && /DingTalk/i.test(navigator.userAgent)) return 'in-app';
  return options.autoSignIn === true ? 'browser' : undefined;
}
