import { ERROR_STATUS, type ErrorCode } from './error-codes.js';

/** What an error carries beside its code. Nothing of it but `setting` and `retryAfterSeconds` reaches a browser. */
export interface GatewayErrorOptions {
  /** For the log only: what happened, without secrets, codes or tokens. */
  readonly detail?: string;
  /** The permission, right or variable an operator must look at: its name, never its value. */
  readonly setting?: string;
  /** Overrides the status that belongs to the code (`temporarily_unavailable` is 503, or 504 after a timeout). */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The only kind of error that a person sees. The public part is the code (its sentence is in `error-texts.ts`)
 * and, where an operator must act, the name of the setting; `detail` goes to the log.
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

/** The request has no shape we know: a parameter is missing, doubled or too long. */
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

/** Something we did not think of. The body is constant; the log has the cause. */
export class UnexpectedError extends GatewayError {
  constructor(cause: unknown) {
    super('server_error', { cause });
  }
}
