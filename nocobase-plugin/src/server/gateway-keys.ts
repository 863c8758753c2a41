import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { CLOCK_TOLERANCE_SECONDS } from '../../../src/core/plugin-protocol/index.js';
import { KeyCache, KeysUnreachableError } from './key-cache.js';

/**
 * How long after its end something that was used is remembered: until it is refused as too old, by the slowest clock of
 * several nodes. Each node takes, and so remembers and forgets, only what its own clock is at most a tolerance before the
 * beginning and a tolerance behind the end of: two of them differ by two tolerances and a lifetime at most, three minutes.
 */
export const REMEMBERED_AFTER_END_SECONDS = CLOCK_TOLERANCE_SECONDS + 300;
/** Addresses change rarely; what was forgotten is fetched again. */
const MAX_ADDRESSES = 20;

/** Errors of the token itself; any other means that the keys could not be had. */
const REFUSED = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
];

export class SignatureRefusedError extends Error {}

export interface Verified {
  /** Whose signature and times are good. */
  readonly payload: JWTPayload;
  /** Of the key that signed (RFC 7638): an administrator may have pinned others. */
  readonly thumbprint: string;
}

/** The public keys of gateways. Only addresses that an administrator saved are asked. */
export class GatewayKeys {
  private readonly caches = new Map<string, KeyCache>();

  /**
   * @param address of the gateway, as NocoBase's server reaches it
   * @throws SignatureRefusedError, KeysUnreachableError
   */
  async verify(
    address: string,
    token: string,
    options: Required<Pick<JWTVerifyOptions, 'typ' | 'issuer'>> & { maxLifetimeSeconds: number },
  ): Promise<Verified> {
    const finder = this.cacheOf(address).finder();
    try {
      const { payload } = await jwtVerify(token, finder.find, {
        typ: options.typ,
        issuer: options.issuer,
        // One algorithm, chosen here and not by the token: RFC 8725, section 3.1.
        algorithms: ['EdDSA'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['iat', 'exp', 'jti'],
        maxTokenAge: options.maxLifetimeSeconds,
      });
      const { iat = 0, exp = Infinity } = payload;
      if (exp - iat > options.maxLifetimeSeconds) throw new errors.JWTInvalid('lives too long');
      const thumbprint = finder.thumbprint();
      if (thumbprint === undefined) throw new errors.JWKSNoMatchingKey();
      return { payload, thumbprint };
    } catch (error) {
      if (error instanceof KeysUnreachableError) throw error;
      const why = error instanceof Error ? error.message.slice(0, 200) : '';
      throw REFUSED.some((kind) => error instanceof kind)
        ? new SignatureRefusedError(why)
        : new KeysUnreachableError(`${address}: ${why}`);
    }
  }

  /** Whether there are keys at this address and none of them is one of these. */
  hasNoneOf(address: string, pins: readonly string[]): boolean {
    const known = [...this.cacheOf(address).thumbprints.values()];
    return known.length > 0 && !known.some((thumbprint) => pins.includes(thumbprint));
  }

  /** Whether the last question at this address had no answer. */
  isFailing(address: string): boolean {
    return this.cacheOf(address).isFailing;
  }

  /** Thumbprints of the keys as they are now. @throws KeysUnreachableError */
  async look(address: string): Promise<readonly string[]> {
    return this.cacheOf(address).look();
  }

  private cacheOf(address: string): KeyCache {
    const known = this.caches.get(address);
    if (known) return known;
    if (this.caches.size >= MAX_ADDRESSES) this.caches.clear();
    const cache = new KeyCache(address);
    this.caches.set(address, cache);
    return cache;
  }
}
