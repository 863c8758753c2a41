import { GatewayError } from '../errors/index.js';

/** The store cannot tell whether a key was used, so the sign-in fails. */
export class StoreUnavailableError extends GatewayError {
  constructor(detail: string) {
    super('temporarily_unavailable', { detail, retryAfterSeconds: 5 });
  }
}
