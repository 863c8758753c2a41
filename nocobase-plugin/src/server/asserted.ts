import type { Context } from '@nocobase/server';
import { decodeJwt } from 'jose';
import {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  assertionClaims,
  GATEWAY_REFUSALS,
} from '../../../src/plugin-protocol/index.js';
import { withoutSlash } from './addresses.js';
import { type DingTalkAuthenticator, findAll } from './authenticators.js';
import {
  CLOCK_TOLERANCE_SECONDS,
  type GatewayKeys,
  KeysUnreachableError,
  SignatureRefusedError,
} from './gateway-keys.js';
import type { Once } from './once.js';

export class GatewayRefusedError extends Error {
  readonly status = 401;

  constructor(refusal: keyof typeof GATEWAY_REFUSALS) {
    super(GATEWAY_REFUSALS[refusal]);
    this.code = GATEWAY_REFUSALS[refusal];
  }

  readonly code: string;
}

export interface AskingGateway {
  /** `iss` of the assertion, as the administrator wrote it. */
  readonly gatewayUrl: string;
  /** Those whose gateway it is. */
  readonly authenticators: readonly DingTalkAuthenticator[];
}

/**
 * Which gateway asks. It is looked up among those that an administrator saved before anything is fetched: an assertion
 * cannot make us ask an address of its own choice.
 *
 * @throws GatewayRefusedError
 */
export async function askingGateway(context: Context, keys: GatewayKeys, once: Once): Promise<AskingGateway> {
  const assertion = context.get(ASSERTION_HEADER);
  const issuer = issuerOf(assertion);
  const served = (await findAll(context.db)).filter(({ settings }) => settings.gatewayUrl === withoutSlash(issuer));
  if (served.length === 0) throw new GatewayRefusedError('unknownGateway');
  const authenticators: DingTalkAuthenticator[] = [];
  let claims: ReturnType<typeof assertionClaims.parse> | undefined;
  // As a rule all of them name the same address; where they do not, each address speaks for its own only.
  for (const address of new Set(served.map(addressOf))) {
    const verified = await verify(address, assertion, issuer, keys);
    if (verified === undefined) continue;
    claims = verified;
    authenticators.push(...served.filter((one) => addressOf(one) === address));
  }
  if (claims === undefined || claims.app !== context.app.name) throw new GatewayRefusedError('invalidAssertion');
  const { aud, exp, jti } = claims;
  const own = authenticators.filter(({ settings }) => settings.nocobaseUrl === aud);
  if (own.length === 0) throw new GatewayRefusedError('otherAddress');
  const secondsLeft = exp - Date.now() / 1000 + 2 * CLOCK_TOLERANCE_SECONDS;
  if (!(await once.use(`assertion ${issuer} ${jti}`, Math.ceil(secondsLeft * 1000)))) {
    throw new GatewayRefusedError('invalidAssertion');
  }
  return { gatewayUrl: issuer, authenticators: own };
}

/** Unverified. */
function issuerOf(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? '';
  } catch {
    throw new GatewayRefusedError('invalidAssertion');
  }
}

function addressOf({ settings }: DingTalkAuthenticator): string {
  return settings.gatewayInternalUrl || settings.gatewayUrl;
}

async function verify(
  address: string,
  assertion: string,
  issuer: string,
  keys: GatewayKeys,
): Promise<ReturnType<typeof assertionClaims.parse> | undefined> {
  try {
    const payload = await keys.verify(address, assertion, {
      typ: ASSERTION_TYPE,
      issuer,
      maxLifetimeSeconds: ASSERTION_LIFETIME_SECONDS,
    });
    return assertionClaims.safeParse(payload).data;
  } catch (error) {
    if (error instanceof SignatureRefusedError) return undefined;
    if (error instanceof KeysUnreachableError) throw new GatewayRefusedError('noKeys');
    throw error;
  }
}
