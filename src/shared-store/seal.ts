import { createHash, createSecretKey, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { withoutStack } from '../core/errors/index.js';
import { decrypt, type DirectKey, directKey, encrypt } from './direct-jwe.js';

/** In seconds since 1970 (RFC 7519 section 4.1.4): what is sealed without an end never opens. */
const lifetime = z.looseObject({ exp: z.number() });

/**
 * Seals values for places that others can read: a JWE with direct A256GCM encryption (RFC 7516, RFC 7518 section 5.3),
 * unreadable and unforgeable without the secret. The first secret seals, all of them open, so that secrets can be rotated.
 */
export class Seal<Guard extends z.ZodType<Record<string, unknown>>> {
  private readonly keys: readonly [DirectKey, ...DirectKey[]];

  /** @param purpose keeps what is sealed for one use from being opened for another */
  constructor(
    secrets: readonly [string, ...string[]],
    purpose: string,
    private readonly guard: Guard,
  ) {
    const [first, ...others] = secrets;
    this.keys = [deriveKey(first, purpose), ...others.map((secret) => deriveKey(secret, purpose))];
  }

  async seal(value: z.output<Guard>, ttlSeconds: number): Promise<string> {
    const exp = nowInSeconds() + ttlSeconds;
    return encrypt(this.keys[0], JSON.stringify({ ...value, exp }));
  }

  /** @returns undefined where the text is not ours, was changed, or is too old by the server's clock */
  async open(text: string): Promise<z.output<Guard> | undefined> {
    try {
      const claims = lifetime.parse(JSON.parse(withoutStack(() => decrypt(this.keys, text))));
      return claims.exp > nowInSeconds() ? this.guard.parse(claims) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** HKDF (RFC 5869): a key for one purpose is of no use for anything else the secret may be used for. */
function deriveKey(secret: string, purpose: string): DirectKey {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
  const id = createHash('sha256').update(bytes).digest('base64url').slice(0, 8);
  return directKey(createSecretKey(bytes), id);
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
