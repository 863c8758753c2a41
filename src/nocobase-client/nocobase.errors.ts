import { GatewayError, MisconfiguredError } from '../errors/index.js';
import { UpstreamBusyError, UpstreamHttpError } from '../upstream/index.js';
import { nocoBaseErrors } from './nocobase-api.types.js';

/** Several users are bound to one subject: nobody can say who this is. */
export class AmbiguousBindingError extends GatewayError {
  constructor(userIds: readonly number[]) {
    super('account_conflict', { detail: `users ${userIds.join(', ')} are bound to the same subject` });
  }
}

/** The user already has a binding of this authenticator. */
export class AlreadyBoundError extends GatewayError {
  constructor(readonly userId: number) {
    super('account_conflict', { detail: `user ${userId} already has a binding of this authenticator` });
  }
}

/** A unique column of `users` already holds this value. */
export class NotUniqueError extends GatewayError {
  constructor(readonly field: 'phone' | 'username' | 'email' | 'unknown') {
    super('account_conflict', { detail: `a user with this ${field} already exists` });
  }
}

/**
 * What NocoBase's HTTP errors mean to an operator. Others are returned unchanged.
 *
 * @param action `resource:action`, the right that the call needs
 */
export function translate(error: unknown, action: string): unknown {
  if (!(error instanceof UpstreamHttpError)) return error;
  const said = nocoBaseErrors(error.body)
    .map(({ code }) => code ?? 'no code')
    .join(', ');
  switch (error.httpStatus) {
    case 401:
      return new MisconfiguredError('NOCOBASE_API_TOKEN', `NocoBase refuses the API key on ${action} (${said})`, error);
    case 403:
      return new MisconfiguredError(`NocoBase: ${action}`, `the API key's role lacks a right (${said})`, error);
    case 503:
      return new UpstreamBusyError(error.call, 'HTTP 503, NocoBase is starting or overloaded');
    default:
      return error;
  }
}
