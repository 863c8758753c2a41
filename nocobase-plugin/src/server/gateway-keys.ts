import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { JWKS_PATH } from '../../../src/plugin-protocol/index.js';
import { boundedFetch } from './bounded-body.js';

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** As the gateway lets its keys be cached: a key that was taken away is good for so long at most. */
const CACHE_MS = 60_000;
/** At most one question per so many milliseconds, however many unknown keys are named to us. */
const COOLDOWN_MS = 3000;
const TIMEOUT_MS = 3000;
/** What clocks may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

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

export class KeysUnreachableError extends Error {}
export class SignatureRefusedError extends Error {}

/** The public keys of gateways. No redirect is followed (jose), and only addresses that an administrator saved are asked. */
export class GatewayKeys {
  private readonly sets = new Map<string, KeySet>();

  /**
   * @param address of the gateway, as NocoBase's server reaches it
   * @returns the claims, whose signature and times are good
   * @throws SignatureRefusedError, KeysUnreachableError
   */
  async verify(
    address: string,
    token: string,
    options: Required<Pick<JWTVerifyOptions, 'typ' | 'issuer'>> & { maxLifetimeSeconds: number },
  ): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.setOf(address), {
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
      return payload;
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      throw REFUSED.some((kind) => error instanceof kind)
        ? new SignatureRefusedError(why)
        : new KeysUnreachableError(`${address}${JWKS_PATH}: ${why}`);
    }
  }

  private setOf(address: string): KeySet {
    const known = this.sets.get(address);
    if (known) return known;
    // Addresses change rarely; what was forgotten is fetched again.
    if (this.sets.size >= 20) this.sets.clear();
    const set = createRemoteJWKSet(new URL(`${address}${JWKS_PATH}`), {
      cacheMaxAge: CACHE_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: TIMEOUT_MS,
      [customFetch]: boundedFetch,
    });
    this.sets.set(address, set);
    return set;
  }
}
