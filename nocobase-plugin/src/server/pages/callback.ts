import type { Context } from '@nocobase/server';
import { ANSWER_HEADER } from '../../../../src/core/plugin-protocol/index.js';
import { showSignInPage } from './sign-in-page.js';

/**
 * `GET dingtalk/callback/NAME?code=…&state=…`: where DingTalk leads back to. Its script takes the answer out of the address
 * and signs in with it; a request that somebody else makes of this address, such as a scanner of links, uses nothing up.
 */
export async function callback(context: Context, authenticator: string): Promise<void> {
  await showSignInPage(context, 'callback', { authenticator, proofHeader: ANSWER_HEADER });
}
