import { signInWith } from './at-nocobase.js';
import { claimsOf } from './token.js';

/** The plugin's last page of a sign-in through a gateway: takes the ticket out of the fragment and signs in with it. */
const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket') || '';
// The ticket is removed from the address before anything else happens; `replace` keeps this page out of the history.
history.replaceState(null, '', location.pathname + location.search);
void signInWith(ticket, () => claimsOf(ticket));
