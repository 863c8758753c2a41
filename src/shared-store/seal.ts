import { createHash, hkdfSync } from 'node:crypto';
import { jwtDecrypt } from 'jose/jwt/decrypt';
import { EncryptJWT } from 'jose/jwt/encrypt';
import type { z } from 'zod';

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * Seals values for places that others can read: a JWE with direct A256GCM encryption (RFC 7516, RFC 7518 section 5.3),
 * unreadable and unforgeable without the secret. The first secret seals, all of them open, so that secrets can be rotated.
 */
export class Seal<Guard extends z.ZodType<Record<string, unknown>>> {
  private readonly keys: readonly [Key, ...Key[]];

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
    const [key] = this.keys;
    return new EncryptJWT(value)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
      .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
      .encrypt(key.bytes);
  }

  /** @returns undefined where the text is not ours, was changed, or is too old by the server's clock */
  async open(text: string): Promise<z.output<Guard> | undefined> {
    try {
      const { payload } = await jwtDecrypt(text, ({ kid }) => this.keyFor(kid), {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
      });
      return this.guard.parse(payload);
    } catch {
      return undefined;
    }
  }

  private keyFor(id: string | undefined): Uint8Array {
    const key = this.keys.find((candidate) => candidate.id === id);
    if (key === undefined) throw new Error('sealed under a key that is not ours');
    return key.bytes;
  }
}

/** HKDF (RFC 5869): a key for one purpose is of no use for anything else the secret may be used for. */
function deriveKey(secret: string, purpose: string): Key {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8), bytes };
}
