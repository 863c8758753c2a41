import { GATEWAY_RIGHTS } from '../provision/index.js';

/** Collection, action, fields. */
export type Rights = typeof GATEWAY_RIGHTS;

/** The rights that the gateway's role needs: what `provision` gives, and what `doctor` looks for. */
export function wantedRights(): Rights {
  return GATEWAY_RIGHTS;
}
