import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { CLOCK_TOLERANCE_SECONDS } from '../../../src/core/plugin-protocol/index.js';
import { KeyCache, KeysUnreachableError } from './key-cache.js';

/**
 * How long a used ticket is remembered after it expires: until the slowest clock of several nodes refuses it as too old. A node
 * accepts, and so remembers and forgets, only what its own clock is at most one tolerance before the beginning and one tolerance
 * after the end of, so two nodes differ by at most two tolerances and a lifetime: three minutes.
 */
export const REMEMBERED_AFTER_END_SECONDS = CLOCK_TOLERANCE_SECONDS + 300;
/** Addresses change rarely; keys that were evicted are fetched again. */
const MAX_ADDRESSES = 20;

/** Errors of the token itself; any other error means that the keys were unavailable. */
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
  /** An assertion or ticket whose signature and times are valid. */
  readonly payload: JWTPayload;
  /** Thumbprint of the key that signed it (RFC 7638): an administrator may have pinned others. */
  readonly thumbprint: string;
}

/** The public keys of gateways. Only addresses that an administrator saved are queried. */
export class GatewayKeys {
  private readonly caches = new Map<string, KeyCache>();

  /**
   * @param address the gateway's address for NocoBase's server
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

  /** Whether there are keys at this address, but none of these. */
  hasNoneOf(address: string, pins: readonly string[]): boolean {
    const known = [...this.cacheOf(address).thumbprints.values()];
    return known.length > 0 && !known.some((thumbprint) => pins.includes(thumbprint));
  }

  /** Whether the last request to this address failed. */
  isFailing(address: string): boolean {
    return this.cacheOf(address).isFailing;
  }

  /** Thumbprints of the current keys. @throws KeysUnreachableError */
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
