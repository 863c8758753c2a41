import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { deriveSigningKey, type PublicJwk, type SigningKey } from './signing-key.js';

/** What makes a token one that is good for a moment, and once. Times are in seconds since 1970. */
export interface Freshness {
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** After the first key was not taken: others look at our keys anew within that time. */
const TRY_FIRST_AGAIN_MS = 60_000;

/**
 * Signs what the gateway says to others under its own name. The first secret's key signs; all are published. While others
 * do not take the first one yet, as in a rotation whose replicas are not all restarted, one that they take signs.
 */
export class Signer {
  private readonly keys: readonly [SigningKey, ...SigningKey[]];
  private current: SigningKey;
  private tryFirstAt = 0;

  constructor([first, ...others]: readonly [string, ...string[]]) {
    this.keys = [deriveSigningKey(first), ...others.map(deriveSigningKey)];
    [this.current] = this.keys;
  }

  /**
   * @param typ media type without `application/` (RFC 8725, section 3.11): keeps one kind of token from being taken for another
   * @param thumbprint of the key that is to sign; default: the one that others take
   * @returns a compact JWS (RFC 7515) whose payload is exactly `claims`
   */
  async sign(typ: string, claims: object, thumbprint = this.current.publicJwk.kid): Promise<string> {
    const { privateKey, publicJwk } = this.keys.find((key) => key.publicJwk.kid === thumbprint) ?? this.keys[0];
    const { alg, kid } = publicJwk;
    return new SignJWT({ ...claims }).setProtectedHeader({ alg, typ, kid }).sign(privateKey);
  }

  /** Names of the keys (RFC 7638), in the order in which others should be asked to take them. */
  thumbprints(): readonly string[] {
    const [first] = this.keys;
    const preferred = Date.now() < this.tryFirstAt ? [this.current] : [first, this.current];
    return [...new Set([...preferred, ...this.keys])].map(({ publicJwk }) => publicJwk.kid);
  }

  /** Whether the first secret's key signs. */
  get usesFirst(): boolean {
    return this.current === this.keys[0];
  }

  /** Others have taken what this key signed, and refused what those before it in `thumbprints` signed. */
  wasTaken(thumbprint: string): void {
    const [first] = this.keys;
    this.current = this.keys.find(({ publicJwk }) => publicJwk.kid === thumbprint) ?? first;
    if (!this.usesFirst && Date.now() >= this.tryFirstAt) this.tryFirstAt = Date.now() + TRY_FIRST_AGAIN_MS;
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
