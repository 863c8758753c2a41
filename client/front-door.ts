import { loopGuard, webAddress } from '../src/core/browser/index.js';

/**
 * The sign-in page, opened by DingTalk: goes on to the silent sign-in. The user agent is only a hint, a lie leads to a page
 * that finds no DingTalk and goes on to the sign-in in the browser. Where nothing can be counted a person has to press.
 */
const door = document.getElementById('front-door');
const inApp = webAddress(door === null ? undefined : door.dataset['inApp']);
if (inApp !== undefined && /DingTalk/i.test(navigator.userAgent) && loopGuard.look() === 'free') {
  location.replace(inApp);
}
