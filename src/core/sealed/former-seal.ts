import { createCipheriv, createDecipheriv, createHash, type KeyObject } from 'node:crypto';
import { randomBytes } from './random.js';

const CIPHER = 'aes-256-gcm';
/** Sizes of the initialization vector and of the tag, in bytes (RFC 7518, section 5.3). */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Protected header, no encrypted key, initialization vector, ciphertext, tag. */
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/**
 * The seal of version 0.1: a JWE (RFC 7516, `dir`, `A256GCM`). While replicas are replaced one by one, a sign-in that
 * starts at a new one may end at an old one, so this version writes the format that both read. The next version seals
 * with `core/sealed`, and this file is removed.
 */
export class FormerSeal {
  /** The only accepted protected header, encoded. */
  private readonly header: string;

  constructor(private readonly key: KeyObject) {
    const kid = createHash('sha256').update(key.export()).digest('base64url').slice(0, 8);
    this.header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url');
  }

  seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(this.header));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
    return [this.header, '', ...parts].join('.');
  }

  /**
   * Any other header is refused, not parsed, so none can select another algorithm.
   *
   * @returns undefined if the text was sealed with another key or in another format, or was modified
   */
  open(sealed: string): string | undefined {
    const [, header, iv = '', ciphertext = '', tag = ''] = COMPACT.exec(sealed) ?? [];
    if (header !== this.header) return undefined;
    const decipher = createDecipheriv(CIPHER, this.key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(header))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    try {
      return Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
