import { InvalidEnvironmentError } from '../config/index.js';
import { GatewayError } from '../errors/index.js';
import { AuthenticatorMissingError, ProvisionRefusedError } from '../provision/index.js';
import { UpstreamHttpError } from '../upstream/index.js';

/** What an administrator must do about a failure of NocoBase or DingTalk; without anything that they said. */
export function explain(error: unknown): string {
  if (error instanceof ProvisionRefusedError || error instanceof AuthenticatorMissingError) return error.message;
  // Its lines name variables, never values.
  if (error instanceof InvalidEnvironmentError) return error.message;
  if (error instanceof UpstreamHttpError && error.httpStatus === 401) {
    return 'NocoBase does not accept the account and password.';
  }
  if (error instanceof UpstreamHttpError && error.httpStatus === 403) {
    return 'The account lacks the rights: it must hold the role root.';
  }
  if (error instanceof GatewayError) return error.detail ?? error.code;
  return 'Something unexpected went wrong.';
}
