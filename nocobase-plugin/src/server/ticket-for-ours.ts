import type { Action } from '@nocobase/server';
import { findEnabled } from './authenticators.js';
import { PublicError } from './sign-in.errors.js';
import { TICKET_HEADER } from './ticket.js';

/**
 * Middleware for NocoBase's own sign-in: a ticket for an authenticator that is gone, or disabled meanwhile, is answered
 * here. NocoBase would take another authenticator for it, or fail without a word.
 */
export const ticketForOurs: Action = async (context, next) => {
  const { resourceName, actionName } = context.action;
  if (resourceName === 'auth' && actionName === 'signIn' && context.get(TICKET_HEADER) !== '') {
    const authenticator = await findEnabled(context.db, context.get('X-Authenticator'));
    if (authenticator === undefined) {
      throw new PublicError(404, 'not_found', (text, options) => context.t(text, options));
    }
  }
  await next();
};
