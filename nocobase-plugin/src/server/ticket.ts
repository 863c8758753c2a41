import {
  TICKET_LIFETIME_SECONDS,
  TICKET_TYPE,
  type TicketClaims,
  ticketClaims,
} from '../../../src/core/plugin-protocol/index.js';
import { keysAddress } from './addresses.js';
import type { DingTalkAuthenticator } from './authenticators.js';
import { type GatewayKeys, SignatureRefusedError } from './gateway-keys.js';
import { KeysUnreachableError } from './key-cache.js';
import { GatewayUnreachableError, KeyNotPinnedError, TicketRefusedError } from './sign-in.errors.js';
import { DETAIL } from './texts.js';

/**
 * Verifies issuer, audience and authenticator of a ticket; not yet whether this browser requested it, or whether it was used.
 *
 * @throws TicketRefusedError, KeyNotPinnedError, GatewayUnreachableError
 */
export async function verifyTicket(
  ticket: string,
  authenticator: DingTalkAuthenticator,
  app: string,
  keys: GatewayKeys,
): Promise<TicketClaims> {
  const { gatewayUrl, gatewayKeys, nocobaseUrl } = authenticator.settings;
  const address = keysAddress(authenticator.settings);
  try {
    const { payload, thumbprint } = await keys.verify(address, ticket, {
      typ: TICKET_TYPE,
      issuer: gatewayUrl,
      maxLifetimeSeconds: TICKET_LIFETIME_SECONDS,
    });
    if (gatewayKeys.length > 0 && !gatewayKeys.includes(thumbprint)) throw new KeyNotPinnedError(thumbprint);
    const { data: claims } = ticketClaims.safeParse(payload);
    if (claims === undefined) throw new TicketRefusedError(DETAIL.notATicket.en);
    if (claims.aud !== nocobaseUrl) throw new TicketRefusedError(DETAIL.otherNocoBase.en);
    if (claims.app !== app) throw new TicketRefusedError(DETAIL.otherApplication.en);
    if (claims.authenticator !== authenticator.name) throw new TicketRefusedError(DETAIL.otherAuthenticator.en);
    return claims;
  } catch (error) {
    if (error instanceof SignatureRefusedError) {
      const isAnothers = gatewayKeys.length > 0 && keys.hasNoneOf(address, gatewayKeys);
      throw isAnothers ? new KeyNotPinnedError(DETAIL.noneAtItsAddress.en) : new TicketRefusedError(error.message);
    }
    if (error instanceof KeysUnreachableError) throw new GatewayUnreachableError(error.message);
    throw error;
  }
}
