import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { deriveSigningKey, type PublicJwk, type SigningKey } from './signing-key.js';

/** What makes a token one that is good for a moment, and once. Times are in seconds since 1970. */
export interface Freshness {
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** Signs what the gateway says to others under its own name. The first secret's key signs; all are published. */
export class Signer {
  private readonly keys: readonly [SigningKey, ...SigningKey[]];

  constructor([first, ...others]: readonly [string, ...string[]]) {
    this.keys = [deriveSigningKey(first), ...others.map(deriveSigningKey)];
  }

  /**
   * @param typ media type without `application/` (RFC 8725, section 3.11): keeps one kind of token from being taken for another
   * @returns a compact JWS (RFC 7515) whose payload is exactly `claims`
   */
  async sign(typ: string, claims: object): Promise<string> {
    const [{ privateKey, publicJwk }] = this.keys;
    const { alg, kid } = publicJwk;
    return new SignJWT({ ...claims }).setProtectedHeader({ alg, typ, kid }).sign(privateKey);
  }

  /** The JWK Set (RFC 7517, section 5) by which others check our signatures. */
  publicKeys(): { readonly keys: readonly PublicJwk[] } {
    return { keys: this.keys.map(({ publicJwk }) => publicJwk) };
  }
}

/** The claims of a token that is made now; `jti` has 128 random bits. */
export function freshFor(lifetimeSeconds: number): Freshness {
  const iat = Math.floor(Date.now() / 1000);
  return { iat, exp: iat + lifetimeSeconds, jti: randomBytes(16).toString('base64url') };
}
