import { requestContext } from '../web/index.js';
import { DingTalkAuthenticator } from './dingtalk-authenticator.js';

/**
 * The authenticator that `KnownAuthenticatorGuard` has found: configuration that changes meanwhile does not change a
 * sign-in that runs.
 *
 * @throws TypeError on a route without that guard
 */
export function requestedAuthenticator(request: object): DingTalkAuthenticator {
  const { authenticator } = requestContext(request);
  if (!(authenticator instanceof DingTalkAuthenticator)) {
    throw new TypeError('the route does not say which authenticator it is for');
  }
  return authenticator;
}
