import type { DingTalkAuthenticator } from './dingtalk-authenticator.js';

const requested = new WeakMap<object, DingTalkAuthenticator>();

/** Ties a request to its authenticator: configuration that changes meanwhile does not change a sign-in that runs. */
export function rememberAuthenticator(request: object, authenticator: DingTalkAuthenticator): void {
  requested.set(request, authenticator);
}

/** @throws TypeError on a route without `KnownAuthenticatorGuard` */
export function requestedAuthenticator(request: object): DingTalkAuthenticator {
  const authenticator = requested.get(request);
  if (authenticator === undefined) throw new TypeError('the route does not say which authenticator it is for');
  return authenticator;
}
