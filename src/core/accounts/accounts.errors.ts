import { GatewayError, MisconfiguredError } from '../errors/index.js';
import { DETAIL, SETTING } from '../texts/index.js';

export class OrganizationNotAllowedError extends GatewayError {
  /** @param organization the one that the person came from, if the provider names it */
  constructor(organization: string | undefined) {
    super('organization_not_allowed', {
      detail: (organization === undefined ? DETAIL.accounts.noOrganization : DETAIL.accounts.organization(organization))
        .en,
    });
  }
}

export class UserNotRegisteredError extends GatewayError {
  constructor() {
    super('user_not_registered');
  }
}

export class PhoneMissingError extends GatewayError {
  constructor(permission: string) {
    super('phone_missing', { setting: permission, detail: permission });
  }
}

/** A protected account is never linked automatically. */
export class AccountProtectedError extends GatewayError {
  constructor(userId: number) {
    super('account_protected', { detail: DETAIL.accounts.isProtected(userId).en });
  }
}

/** The binding exists, but its user does not. This is never repaired silently: an administrator removes the binding. */
export class OrphanedBindingError extends GatewayError {
  constructor(userId: number) {
    super('account_conflict', {
      setting: SETTING.bindingOfDeletedUser.en,
      detail: DETAIL.accounts.userDeleted(userId).en,
    });
  }
}

/** Two accounts claim one identity, or two identities claim one account. */
export class AccountConflictError extends GatewayError {
  constructor(detail: string) {
    super('account_conflict', { detail });
  }
}

/** Several users are bound to one subject, so the person's identity is ambiguous. */
export class AmbiguousBindingError extends GatewayError {
  constructor(userIds: readonly number[]) {
    super('account_conflict', { detail: DETAIL.accounts.sameSubject(userIds.join(', ')).en });
  }
}

/** The user already has a binding of this authenticator. */
export class AlreadyBoundError extends GatewayError {
  constructor(readonly userId: number) {
    super('account_conflict', { detail: DETAIL.accounts.hasBindingHere(userId).en });
  }
}

/** A unique column of `users` already holds this value. */
export class NotUniqueError extends GatewayError {
  /** @param field its name; `unknown` if NocoBase's message does not name it */
  constructor(readonly field: string) {
    super('account_conflict', { detail: DETAIL.accounts.notUnique(field).en });
  }
}

/** The directory lacks a right for this action. */
export class MissingRightError extends MisconfiguredError {
  constructor(action: string, detail: string, cause: unknown) {
    super(SETTING.right(action).en, detail, cause);
  }
}
