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
