import { GatewayError } from '../errors/index.js';

/** The response does not belong to a sign-in that this browser started, or that sign-in has ended. */
export class InvalidStateError extends GatewayError {
  constructor(detail: string) {
    super('invalid_state', { detail });
  }
}

/** The person, or the provider on their behalf, declined. */
export class AccessDeniedError extends GatewayError {
  constructor() {
    super('access_denied');
  }
}
