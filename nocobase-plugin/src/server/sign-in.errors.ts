import { GatewayError, MisconfiguredError } from '../../../src/core/errors/index.js';
import { PACKAGE } from './names.js';
import { DETAIL } from './texts.js';

/** The ticket is not from the gateway, or not for this NocoBase, application or authenticator. */
export class TicketRefusedError extends GatewayError {
  constructor(detail: string) {
    super('invalid_request', { detail });
  }
}

/** The ticket is valid, but not here or not any more: it belongs to another browser, or was used before. */
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

/** Signed with a key from the gateway's address that no administrator has pinned. */
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
  /** NocoBase's error handler would log each with its stack, whoever caused it; what deserves a line is logged here. */
  readonly logLevel = 'debug';

  constructor(
    readonly status: number,
    sentence: string,
    translate: (text: string, options: { ns: string }) => string,
    /** If programs know it by a code that differs from the sentence's. */
    readonly code: string = sentence,
  ) {
    super(translate(`error.${sentence}`, { ns: PACKAGE }));
  }
}

/** The account is locked until an administrator unlocks it, or the person is back in the organization. */
export class AccountLockedError extends GatewayError {
  constructor(userId: number) {
    super('account_locked', { detail: DETAIL.isLocked(userId).en });
  }
}
