import type { Client } from '../client-app.js';
import type { FormSection } from '../form-field.js';
import { accounts } from './accounts.js';
import { addresses } from './addresses.js';
import { limits } from './limits.js';
import { signInPage } from './sign-in-page.js';

/** Settings that most administrators leave unchanged. */
export function moreSettings(client: Client): FormSection {
  return {
    title: 'More settings',
    isFolded: true,
    fields: [...signInPage, ...accounts, ...addresses(client), ...limits],
  };
}
