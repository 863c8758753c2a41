import { loopGuard, webAddress } from '../src/core/browser/index.js';

/**
 * The sign-in page, opened in DingTalk: continues with the silent sign-in. The user agent is only a hint: a false one leads to a
 * page that finds no DingTalk client and continues in the browser. If loops cannot be counted, the person has to press the button.
 */
const door = document.getElementById('front-door');
const inApp = webAddress(door === null ? undefined : door.dataset['inApp']);
if (inApp !== undefined && /DingTalk/i.test(navigator.userAgent) && loopGuard.look() === 'free') {
  location.replace(inApp);
}
