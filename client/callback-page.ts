import { signInWith } from './at-nocobase.js';

/** The plugin's page at the redirect URL: takes DingTalk's answer out of the address and signs in with it. */
const answer = location.search.slice(1);
// The code is removed from the address before anything else happens; `replace` keeps this page out of the history.
history.replaceState(null, '', location.pathname);
void signInWith(answer);
