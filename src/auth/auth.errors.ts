import { GatewayError } from '../errors/index.js';

/** The request has no shape we know: a parameter is missing, doubled or too long. */
export class InvalidRequestError extends GatewayError {
  constructor(detail: string) {
    super('invalid_request', { detail });
  }
}

/** The response does not belong to a sign-in that this browser started, or that sign-in is over. */
export class InvalidStateError extends GatewayError {
  /** @param returnPath of a transaction that was this browser's, but is over */
  constructor(detail: string, returnPath?: string) {
    super('invalid_state', { detail, ...(returnPath === undefined ? {} : { returnPath }) });
  }
}

/** The person, or the provider on their behalf, said no. */
export class AccessDeniedError extends GatewayError {
  constructor() {
    super('access_denied');
  }
}

export class OrganizationNotAllowedError extends GatewayError {
  constructor() {
    super('organization_not_allowed');
  }
}

export class UserNotRegisteredError extends GatewayError {
  constructor() {
    super('user_not_registered');
  }
}

export class PhoneMissingError extends GatewayError {
  constructor(permission: string) {
    super('phone_missing', { setting: permission });
  }
}

/** A protected account is never linked automatically. */
export class AccountProtectedError extends GatewayError {
  constructor(userId: number) {
    super('account_protected', { detail: `user ${userId} is protected` });
  }
}

/** The binding is there, its user is not. Nobody repairs that silently: an administrator removes the binding. */
export class OrphanedBindingError extends GatewayError {
  constructor(userId: number) {
    super('account_conflict', {
      setting: 'NocoBase: usersAuthenticators (the binding of a user that was deleted)',
      detail: `the binding is of user ${userId}, who does not exist`,
    });
  }
}

/** Two accounts claim one identity, or two identities claim one account. */
export class AccountConflictError extends GatewayError {
  constructor(detail: string) {
    super('account_conflict', { detail });
  }
}
