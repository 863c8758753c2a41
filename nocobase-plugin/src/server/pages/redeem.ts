import type { Context } from '@nocobase/server';
import { TICKET_HEADER } from '../../../../src/core/plugin-protocol/index.js';
import { AUTHENTICATOR_NAME } from '../../../../src/core/settings/index.js';
import { showSignInPage } from './sign-in-page.js';

/**
 * `GET dingtalk:redeem?authenticator=NAME#ticket=…`: its script takes the ticket out of the fragment, which no server has seen, and
 * signs in with it.
 */
export async function redeem(context: Context): Promise<void> {
  const { authenticator } = context.query;
  const isName = typeof authenticator === 'string' && AUTHENTICATOR_NAME.test(authenticator);
  await showSignInPage(context, 'redeem', {
    authenticator: isName ? authenticator : '',
    proofHeader: TICKET_HEADER,
  });
}
