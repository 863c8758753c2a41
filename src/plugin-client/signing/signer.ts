import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { deriveSigningKey, type PublicJwk, type SigningKey } from './signing-key.js';

/** The claims that make a token valid for a moment, and once. Times are in seconds since 1970. */
export interface Freshness {
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** After the first key was refused: others read our keys again within this time. */
const TRY_FIRST_AGAIN_MS = 60_000;

/**
 * Signs the gateway's messages to others. The first secret's key signs; all are published. During a rotation, while
 * others do not accept the first key yet because not all replicas are restarted, a key that they accept signs.
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
   * @param typ media type without `application/` (RFC 8725, section 3.11): distinguishes kinds of tokens
   * @param thumbprint of the key to sign with; default: the one that others accept
   * @returns a compact JWS (RFC 7515) whose payload is exactly `claims`
   */
  async sign(typ: string, claims: object, thumbprint = this.current.publicJwk.kid): Promise<string> {
    const { privateKey, publicJwk } = this.keys.find((key) => key.publicJwk.kid === thumbprint) ?? this.keys[0];
    const { alg, kid } = publicJwk;
    return new SignJWT({ ...claims }).setProtectedHeader({ alg, typ, kid }).sign(privateKey);
  }

  /** Thumbprints of the keys (RFC 7638), in the order in which they should be tried. */
  thumbprints(): readonly string[] {
    const [first] = this.keys;
    const preferred = Date.now() < this.tryFirstAt ? [this.current] : [first, this.current];
    return [...new Set([...preferred, ...this.keys])].map(({ publicJwk }) => publicJwk.kid);
  }

  /** Whether the first secret's key signs. */
  get usesFirst(): boolean {
    return this.current === this.keys[0];
  }

  /** Others have accepted this key's signature, and refused those of the keys before it in `thumbprints`. */
  wasTaken(thumbprint: string): void {
    const [first] = this.keys;
    this.current = this.keys.find(({ publicJwk }) => publicJwk.kid === thumbprint) ?? first;
    if (!this.usesFirst && Date.now() >= this.tryFirstAt) this.tryFirstAt = Date.now() + TRY_FIRST_AGAIN_MS;
  }

  /** The JWK Set (RFC 7517, section 5) for verifying our signatures. */
  publicKeys(): { readonly keys: readonly PublicJwk[] } {
    return { keys: this.keys.map(({ publicJwk }) => publicJwk) };
  }
}

/** The claims of a token issued now; `jti` has 128 random bits. */
export function freshFor(lifetimeSeconds: number): Freshness {
  const iat = Math.floor(Date.now() / 1000);
  return { iat, exp: iat + lifetimeSeconds, jti: randomBytes(16).toString('base64url') };
}
