import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '@nocobase/server';
import { decodeJwt } from 'jose';
import {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  type AssertionClaims,
  assertionClaims,
  GATEWAY_REFUSALS,
} from '../../../src/core/plugin-protocol/index.js';
import { keysAddress, withoutSlash } from './addresses.js';
import { type DingTalkAuthenticator, findAll } from './authenticators.js';
import { type GatewayKeys, REMEMBERED_AFTER_END_SECONDS, SignatureRefusedError } from './gateway-keys.js';
import { KeysUnreachableError } from './key-cache.js';
import type { Once } from './once.js';
import { isByGateway } from './sign-in-by.js';
import { LOG } from './texts.js';

export class GatewayRefusedError extends Error {
  readonly status = 401;
  /** As in PublicError: the gateway logs it itself, and NocoBase's request log has the code. */
  readonly logLevel = 'debug';

  constructor(refusal: keyof typeof GATEWAY_REFUSALS) {
    super(GATEWAY_REFUSALS[refusal]);
    this.code = GATEWAY_REFUSALS[refusal];
  }

  readonly code: string;
}

export interface AskingGateway {
  /** `iss` of the assertion, as the administrator wrote it. */
  readonly gatewayUrl: string;
  /** The authenticators that belong to this gateway. */
  readonly authenticators: readonly DingTalkAuthenticator[];
  /** Authenticators that name this gateway but do not accept it, for example because of its key, although others do: `code`, by name. */
  readonly refusing: ReadonlyMap<string, string>;
}

/** If there are several addresses, one that failed last time must not delay the answers for the others. */
const PATIENCE_MS = 500;
/** Far more than an assertion needs: its addresses have at most 2048 characters. */
const MAX_LENGTH = 8192;

type Refusal = Exclude<keyof typeof GATEWAY_REFUSALS, 'unknownGateway' | 'otherAddress'>;

/** What an assertion proves at one address of the gateway. */
type Proof = { readonly claims: AssertionClaims; readonly thumbprint: string } | Refusal;

/** Gateways authenticate by their signature. */
export class GatewayAssertions {
  /** Refusals that are already in the log; a gateway asks every few seconds. */
  private readonly logged = new Map<string, string>();

  constructor(
    private readonly keys: GatewayKeys,
    private readonly once: Once,
  ) {}

  /**
   * Identifies the gateway that asks. It is looked up among those that an administrator saved before anything is fetched: an
   * assertion cannot make us send a request to an address of its choice.
   *
   * @throws GatewayRefusedError
   */
  async asking(context: Context): Promise<AskingGateway> {
    const assertion = context.get(ASSERTION_HEADER);
    const { iss } = unverified(assertion);
    const issuer = withoutSlash(iss);
    // An authenticator that no longer uses a gateway may still contain its address: that gateway is told nothing about it.
    const served = (await findAll(context.db)).filter(
      ({ settings }) => isByGateway(settings) && settings.gatewayUrl !== '' && settings.gatewayUrl === issuer,
    );
    if (served.length === 0) throw new GatewayRefusedError('unknownGateway');
    // Usually all of them name the same address. If not, each address vouches for its own only; otherwise a person who may save one
    // authenticator could obtain the secrets of the others.
    const addresses = [...new Set(served.map(({ settings }) => keysAddress(settings)))];
    const proofs = new Map<string, Proof>();
    const prove = async (address: string): Promise<void> => {
      proofs.set(address, await this.patiently(address, addresses.length, assertion, iss));
    };
    await Promise.all(addresses.map(prove));
    const { claims, proven, refusals } = this.provenBy(proofs, served);
    if (claims.app !== context.app.name) throw new GatewayRefusedError('invalidAssertion');
    const authenticators = proven.filter(({ settings }) => settings.nocobaseUrl === claims.aud);
    if (authenticators.length === 0) throw new GatewayRefusedError('otherAddress');
    const secondsLeft = claims.exp - Date.now() / 1000 + REMEMBERED_AFTER_END_SECONDS;
    if (!(await this.once.use(`assertion ${iss} ${claims.jti}`, Math.ceil(secondsLeft * 1000)))) {
      throw new GatewayRefusedError('invalidAssertion');
    }
    for (const { name, settings } of proven)
      if (settings.nocobaseUrl !== claims.aud) refusals.set(name, 'otherAddress');
    const refusing = new Map([...refusals].map(([name, refusal]) => [name, GATEWAY_REFUSALS[refusal]]));
    this.log(context, { gateway: issuer, nocobase: claims.aud }, refusing);
    return { gatewayUrl: iss, authenticators, refusing };
  }

  /** Logged once for each change. Only a gateway that some authenticator accepts gets this far. */
  private log(
    { log }: Context,
    asked: { readonly gateway: string; readonly nocobase: string },
    refusing: AskingGateway['refusing'],
  ): void {
    const authenticators = Object.fromEntries(refusing);
    const line = JSON.stringify(authenticators);
    // A gateway may know this NocoBase by several addresses; each has its own authenticators.
    const key = JSON.stringify(asked);
    const isNews = line !== (this.logged.get(key) ?? '{}');
    this.logged.set(key, line);
    if (isNews && refusing.size > 0) {
      log.warn(LOG.authenticatorsRefuse.en, { ...asked, authenticators });
    }
  }

  /** The authenticators at whose address the assertion is valid, and which accept the key that signed it. */
  private provenBy(
    proofs: ReadonlyMap<string, Proof>,
    served: readonly DingTalkAuthenticator[],
  ): {
    claims: AssertionClaims;
    proven: readonly DingTalkAuthenticator[];
    refusals: Map<string, Refusal | 'otherAddress'>;
  } {
    let claims: AssertionClaims | undefined;
    const proven: DingTalkAuthenticator[] = [];
    const refusals = new Map<string, Refusal | 'otherAddress'>();
    for (const one of served) {
      const address = keysAddress(one.settings);
      const pins = one.settings.gatewayKeys;
      const proof = proofs.get(address) ?? 'noKeys';
      if (typeof proof === 'object' && (pins.length === 0 || pins.includes(proof.thumbprint))) {
        claims ??= proof.claims;
        proven.push(one);
      } else if (typeof proof === 'object' || (pins.length > 0 && this.keys.hasNoneOf(address, pins))) {
        refusals.set(one.name, 'keyNotPinned');
      } else {
        refusals.set(one.name, proof);
      }
    }
    if (claims !== undefined) return { claims, proven, refusals };
    // Problems that an administrator can fix come first.
    const order = ['keyNotPinned', 'invalidAssertion', 'noKeys'] as const;
    const found = new Set(refusals.values());
    throw new GatewayRefusedError(order.find((refusal) => found.has(refusal)) ?? 'invalidAssertion');
  }

  private async patiently(address: string, several: number, assertion: string, issuer: string): Promise<Proof> {
    const proof = this.proofAt(address, assertion, issuer);
    const isHurried = several > 1 && this.keys.isFailing(address);
    return isHurried ? Promise.race([proof, delay(PATIENCE_MS, 'noKeys' as const, { ref: false })]) : proof;
  }

  private async proofAt(address: string, assertion: string, issuer: string): Promise<Proof> {
    try {
      const { payload, thumbprint } = await this.keys.verify(address, assertion, {
        typ: ASSERTION_TYPE,
        issuer,
        maxLifetimeSeconds: ASSERTION_LIFETIME_SECONDS,
      });
      const claims = assertionClaims.safeParse(payload).data;
      return claims === undefined ? 'invalidAssertion' : { claims, thumbprint };
    } catch (error) {
      if (error instanceof SignatureRefusedError) return 'invalidAssertion';
      if (error instanceof KeysUnreachableError) return 'noKeys';
      throw error;
    }
  }
}

/** The claimed sender. Anyone can write this, in any form: if it is not an assertion, nothing is looked up. */
function unverified(assertion: string): AssertionClaims {
  try {
    if (assertion.length > MAX_LENGTH) throw new GatewayRefusedError('invalidAssertion');
    return assertionClaims.parse(decodeJwt(assertion));
  } catch {
    throw new GatewayRefusedError('invalidAssertion');
  }
}
