import { GatewayError } from '../errors/index.js';

/** The store cannot say whether a key was used: the sign-in stops. */
export class StoreUnavailableError extends GatewayError {
  constructor(detail: string) {
    super('temporarily_unavailable', { detail, retryAfterSeconds: 5 });
  }
}
