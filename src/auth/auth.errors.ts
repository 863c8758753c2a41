import { GatewayError } from '../core/errors/index.js';

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
