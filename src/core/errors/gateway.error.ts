import { ERROR_STATUS, type ErrorCode } from './error-codes.js';

/** The data of an error besides its code. Only `setting` and `retryAfterSeconds` reach a browser. */
export interface GatewayErrorOptions {
  /** For the log only: what happened, without secrets, codes or tokens. */
  readonly detail?: string;
  /** The permission, right or variable to check: its name, never its value. */
  readonly setting?: string;
  /** Overrides the code's default status (`temporarily_unavailable` is 503, or 504 after a timeout). */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The only kind of error that people see. Its public part is the code (with a text in `error-texts.ts`) and, if an
 * operator must act, the name of the setting; `detail` goes to the log.
 */
export abstract class GatewayError extends Error {
  readonly status: number;
  readonly setting: string | undefined;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  protected constructor(
    readonly code: ErrorCode,
    options: GatewayErrorOptions = {},
  ) {
    super(options.detail === undefined ? code : `${code}: ${options.detail}`, { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status ?? ERROR_STATUS[code];
    this.setting = options.setting;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** An operator must act: a setting or a permission is missing or wrong. */
export class MisconfiguredError extends GatewayError {
  constructor(setting: string, detail?: string, cause?: unknown) {
    super('misconfigured', { setting, ...(detail === undefined ? {} : { detail }), cause });
  }
}

/** A malformed request: a parameter is missing, repeated or too long. */
export class InvalidRequestError extends GatewayError {
  constructor(detail: string) {
    super('invalid_request', { detail });
  }
}

/** A page that does not exist: an unknown path, or a sign-in method that is not configured. */
export class NotFoundError extends GatewayError {
  constructor() {
    super('not_found');
  }
}

/** An unforeseen error. The body is constant; the log has the cause. */
export class UnexpectedError extends GatewayError {
  constructor(cause: unknown) {
    super('server_error', { cause });
  }
}
