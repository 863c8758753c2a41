import type { Action, Context } from '@nocobase/server';
import { ORIGIN_REFUSED, TICKET_HEADER } from '../../../src/core/plugin-protocol/index.js';
import { givenAnswer } from './alone/answer.js';
import type { KnownAuthenticator, KnownAuthenticators } from './alone/known-authenticators.js';
import { PublicError } from './sign-in.errors.js';
import { LOG } from './texts.js';

/** `assertTrustedSignInOrigin` in `@nocobase/auth`, actions.js, since 2.2. */
const WRONG_ORIGIN = 'Invalid sign-in origin';

/** The authenticators of requests in progress: the same object from the first check to the last. */
const asked = new WeakMap<object, KnownAuthenticator>();

/** @returns undefined if the request brings neither a ticket nor DingTalk's answer, or its authenticator is not enabled */
export function authenticatorAsked(context: Context): KnownAuthenticator | undefined {
  return asked.get(context.req);
}

/**
 * Middleware for NocoBase's own sign-in with a ticket, or with DingTalk's answer.
 *
 * A deleted or disabled authenticator is answered here: NocoBase would use another one instead, or fail without an explanation. If
 * NocoBase refuses the origin of our page, that has an error code of its own: it compares the browser's `Origin` with what the
 * proxy in front of it says, so every sign-in fails until an administrator changes the proxy.
 */
export function signInForOurs(known: KnownAuthenticators): Action {
  return async (context, next) => {
    if (!isOurSignIn(context)) {
      await next();
      return;
    }
    const refusal = (status: number, code: string): PublicError =>
      new PublicError(status, code, (text, options) => context.t(text, options));
    const authenticator = await known.find(context.get('X-Authenticator'));
    if (authenticator === undefined) throw refusal(404, 'not_found');
    asked.set(context.req, authenticator);
    try {
      await next();
    } catch (error) {
      // Anyone can send any origin: only that of our own host reveals a problem of the proxy.
      const isOurPage = hostOf(context.get('Origin')) === hostOf(authenticator.settings.nocobaseUrl);
      if (!isOurPage || !isOfWrongOrigin(error, context)) throw error;
      const { name, settings } = authenticator;
      context.log.warn(LOG.originRefused.en, { authenticator: name, nocobaseUrl: settings.nocobaseUrl });
      throw refusal(403, ORIGIN_REFUSED);
    }
  };
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

function isOurSignIn(context: Context): boolean {
  const { resourceName, actionName } = context.action;
  if (resourceName !== 'auth' || actionName !== 'signIn') return false;
  return context.get(TICKET_HEADER) !== '' || givenAnswer(context.req) !== undefined;
}

function isOfWrongOrigin(error: unknown, context: Context): boolean {
  if (!(error instanceof Error) || error instanceof PublicError) return false;
  const said = [WRONG_ORIGIN, context.t(WRONG_ORIGIN, { ns: 'auth' })];
  return Reflect.get(error, 'status') === 403 && said.includes(error.message);
}
