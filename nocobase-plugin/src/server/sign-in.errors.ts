import { GatewayError, MisconfiguredError } from '../../../src/core/errors/index.js';
import { PACKAGE } from './names.js';
import { DETAIL } from './texts.js';

/** The ticket is none of the gateway's, or not for this NocoBase, application or authenticator. */
export class TicketRefusedError extends GatewayError {
  constructor(detail: string) {
    super('invalid_request', { detail });
  }
}

/** The ticket is good, but not here or not any more: another browser, or used before. */
export class TicketSpentError extends GatewayError {
  constructor(detail: string) {
    super('invalid_state', { detail });
  }
}

export class GatewayUnreachableError extends GatewayError {
  constructor(detail: string) {
    super('temporarily_unavailable', { detail });
  }
}

/** Signed with a key of the gateway's address that no administrator has pinned. */
export class KeyNotPinnedError extends MisconfiguredError {
  constructor(key: string) {
    super('gatewayKeys', DETAIL.notPinned(key).en);
  }
}

export class NotSetUpError extends MisconfiguredError {
  constructor(missing: readonly string[]) {
    super(missing.join(', '), DETAIL.notFilledIn(missing.join(', ')).en);
  }
}

/** What a browser is told: a stable code and one sentence, never `detail`. */
export class PublicError extends Error {
  /** NocoBase's error handler would note each with its stack, whoever asked; what is worth a line we note ourselves. */
  readonly logLevel = 'debug';

  constructor(
    readonly status: number,
    sentence: string,
    translate: (text: string, options: { ns: string }) => string,
    /** Where programs know it by another one than its sentence has. */
    readonly code: string = sentence,
  ) {
    super(translate(`error.${sentence}`, { ns: PACKAGE }));
  }
}

/** Nobody signs in to it until an administrator unlocks it, or the person is back in the organization. */
export class AccountLockedError extends GatewayError {
  constructor(userId: number) {
    super('account_locked', { detail: DETAIL.isLocked(userId).en });
  }
}
