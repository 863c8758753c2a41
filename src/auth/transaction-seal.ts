import { createHash, hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';
import { type SignInTransaction, STATE_PATTERN } from './sign-in-transaction.js';

const sealed = z.object({
  state: z.string().regex(STATE_PATTERN),
  authenticator: z.string(),
  returnPath: z.string().startsWith('/'),
});

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * Seals transactions into cookies: a JWE with direct A256GCM encryption (RFC 7516, RFC 7518 section 5.3), unreadable
 * and unforgeable outside the gateway. The first secret seals, all of them open, so that secrets can be rotated.
 */
export class TransactionSeal {
  private readonly keys: readonly [Key, ...Key[]];

  constructor(secrets: readonly [string, ...string[]]) {
    const [first, ...others] = secrets;
    this.keys = [deriveKey(first), ...others.map(deriveKey)];
  }

  async seal(transaction: SignInTransaction, ttlSeconds: number): Promise<string> {
    const [key] = this.keys;
    return new EncryptJWT({ ...transaction })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
      .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
      .encrypt(key.bytes);
  }

  /** @returns undefined where the text is not ours, was changed, or is too old by the server's clock */
  async open(text: string): Promise<SignInTransaction | undefined> {
    try {
      const { payload } = await jwtDecrypt(text, ({ kid }) => this.keyFor(kid), {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
      });
      return sealed.parse(payload);
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

/** HKDF (RFC 5869): the cookie key is of no use for anything else the secret may be used for. */
function deriveKey(secret: string): Key {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, '', 'sign-in transaction cookie', 32));
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8), bytes };
}
