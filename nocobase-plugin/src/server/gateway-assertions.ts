import type { Context } from '@nocobase/server';
import { decodeJwt } from 'jose';
import {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  type AssertionClaims,
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

/** After an address could not be asked, it is left alone: one that is wrong must not hold up the answers for the others. */
const PAUSE_MS = 10_000;

/** Gateways prove who they are by their signature. */
export class GatewayAssertions {
  private readonly pausedUntil = new Map<string, number>();

  constructor(
    private readonly keys: GatewayKeys,
    private readonly once: Once,
  ) {}

  /**
   * Which gateway asks. It is looked up among those that an administrator saved before anything is fetched: an assertion
   * cannot make us ask an address of its own choice.
   *
   * @throws GatewayRefusedError
   */
  async asking(context: Context): Promise<AskingGateway> {
    const assertion = context.get(ASSERTION_HEADER);
    const issuer = issuerOf(assertion);
    const served = (await findAll(context.db)).filter(({ settings }) => settings.gatewayUrl === withoutSlash(issuer));
    if (served.length === 0) throw new GatewayRefusedError('unknownGateway');
    // As a rule all of them name the same address. Where they do not, each address speaks for its own only: whoever may
    // save an authenticator could have the others' secrets otherwise.
    const addresses = [...new Set(served.map(addressOf))];
    const found = await Promise.all(addresses.map(async (address) => this.verified(address, assertion, issuer)));
    const claims = found.find((one) => typeof one === 'object');
    if (claims === undefined) {
      throw new GatewayRefusedError(found.every((one) => one === 'no keys') ? 'noKeys' : 'invalidAssertion');
    }
    if (claims.app !== context.app.name) throw new GatewayRefusedError('invalidAssertion');
    const proven = new Set(addresses.filter((_address, index) => typeof found[index] === 'object'));
    const authenticators = served
      .filter((one) => proven.has(addressOf(one)))
      .filter(({ settings }) => settings.nocobaseUrl === claims.aud);
    if (authenticators.length === 0) throw new GatewayRefusedError('otherAddress');
    const secondsLeft = claims.exp - Date.now() / 1000 + 2 * CLOCK_TOLERANCE_SECONDS;
    if (!(await this.once.use(`assertion ${issuer} ${claims.jti}`, Math.ceil(secondsLeft * 1000)))) {
      throw new GatewayRefusedError('invalidAssertion');
    }
    return { gatewayUrl: issuer, authenticators };
  }

  private async verified(
    address: string,
    assertion: string,
    issuer: string,
  ): Promise<AssertionClaims | 'no keys' | 'refused'> {
    if (Date.now() < (this.pausedUntil.get(address) ?? 0)) return 'no keys';
    try {
      const payload = await this.keys.verify(address, assertion, {
        typ: ASSERTION_TYPE,
        issuer,
        maxLifetimeSeconds: ASSERTION_LIFETIME_SECONDS,
      });
      this.pausedUntil.delete(address);
      return assertionClaims.safeParse(payload).data ?? 'refused';
    } catch (error) {
      if (error instanceof SignatureRefusedError) return 'refused';
      if (!(error instanceof KeysUnreachableError)) throw error;
      this.pausedUntil.set(address, Date.now() + PAUSE_MS);
      return 'no keys';
    }
  }
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
