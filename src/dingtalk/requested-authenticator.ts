import { requestContext } from '../web/index.js';
import { DingTalkAuthenticator } from './dingtalk-authenticator.js';

/**
 * The authenticator found by `KnownAuthenticatorGuard`: a configuration change does not affect a running sign-in.
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
