import { GatewayError } from '../errors/index.js';
import { DETAIL } from '../texts/index.js';

export type UpstreamName = 'DingTalk' | 'NocoBase';

/** The call that failed. `operation` is our name for it; addresses contain codes and tokens and are not kept. */
export interface FailedCall {
  readonly upstream: UpstreamName;
  readonly operation: string;
}

/** No response: the name does not resolve, the connection was refused or broken, or the call timed out. */
export class UpstreamUnreachableError extends GatewayError {
  constructor(
    readonly call: FailedCall,
    readonly timedOut: boolean,
    reason: string,
  ) {
    super('temporarily_unavailable', {
      status: timedOut ? 504 : 503,
      detail: `${call.upstream} ${call.operation}: ${reason}`,
      retryAfterSeconds: 5,
    });
  }
}

/**
 * The time budget for all calls of a sign-in is used up, before this call or early in it. The upstream is not to blame.
 */
export class OutOfTimeError extends GatewayError {
  constructor(readonly call: FailedCall) {
    super('temporarily_unavailable', {
      status: 504,
      detail: `${call.upstream} ${call.operation}: ${DETAIL.upstream.noTimeLeft.en}`,
      retryAfterSeconds: 5,
    });
  }
}

/** The upstream asks us to slow down, or is still starting. */
export class UpstreamBusyError extends GatewayError {
  constructor(
    readonly call: FailedCall,
    reason: string,
    retryAfterSeconds = 2,
  ) {
    super('temporarily_unavailable', {
      detail: `${call.upstream} ${call.operation}: ${reason}`,
      retryAfterSeconds,
    });
  }
}

/** A response with an HTTP error status. `body` is untrusted: a wire client looks for the code in it. */
export class UpstreamHttpError extends GatewayError {
  /** Private, so that printing the error by accident does not show it. */
  readonly #body: unknown;

  /** @param reference the upstream's own code and request id, safe to log */
  constructor(
    readonly call: FailedCall,
    readonly httpStatus: number,
    body: unknown,
    readonly reference?: string,
  ) {
    const said = reference === undefined ? '' : ` (${reference})`;
    super('upstream_failed', { detail: `${call.upstream} ${call.operation}: HTTP ${httpStatus}${said}` });
    this.#body = body;
  }

  get body(): unknown {
    return this.#body;
  }
}

/** HTTP 200 with an error inside (`errcode`, `errors`). */
export class UpstreamPlatformError extends GatewayError {
  constructor(
    readonly call: FailedCall,
    /** The upstream's own code and request id, safe to log. */
    reference: string,
  ) {
    super('upstream_failed', {
      detail: `${call.upstream} ${call.operation}: ${DETAIL.upstream.platformError(reference).en}`,
    });
  }
}

/** An undocumented body: not JSON, too large, truncated, or refused by its guard. */
export class UpstreamResponseError extends GatewayError {
  constructor(
    readonly call: FailedCall,
    reason: string,
  ) {
    super('upstream_failed', { detail: `${call.upstream} ${call.operation}: ${reason}` });
  }
}
