import type { Context } from '@nocobase/server';
import { ANSWER_HEADER } from '../../../../src/core/plugin-protocol/index.js';
import { showSignInPage } from './sign-in-page.js';

/**
 * `GET dingtalk/callback/NAME?code=…&state=…`: the redirect URL. The page's script takes the answer out of the address and signs in
 * with it; a request that anything else makes to this address, such as a link scanner, uses nothing up.
 */
export async function callback(context: Context, authenticator: string): Promise<void> {
  await showSignInPage(context, 'callback', { authenticator, proofHeader: ANSWER_HEADER });
}
