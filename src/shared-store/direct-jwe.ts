import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
/** Of the initialization vector and of the tag, in bytes: RFC 7518 section 5.3. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Protected header, no encrypted key, initialization vector, ciphertext, tag. */
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/** A key of 256 bits, and the one protected header that goes with it, encoded. */
export interface DirectKey {
  readonly header: string;
  readonly key: KeyObject;
}

/** @param id the `kid`: tells the keys of a rotation apart, and nothing about them */
export function directKey(key: KeyObject, id: string): DirectKey {
  return { key, header: base64url(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: id })) };
}

/**
 * A JWE in its compact serialization (RFC 7516 section 7.1), encrypted directly with the key (`dir`, `A256GCM`).
 *
 * Not by jose, which hands each of these few hundred bytes to WebCrypto's threads: with node:crypto sealing and opening cost
 * a fifth to a tenth of it (docs/performance.md). jose stays the judge of the format: transaction.spec.ts.
 */
export function encrypt({ header, key }: DirectKey, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(header, 'ascii'));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${header}..${iv.toString('base64url')}.${sealed.toString('base64url')}.${cipher.getAuthTag().toString('base64url')}`;
}

/**
 * Only a header that one of the keys would write is taken: none is read, so none can ask for another algorithm.
 *
 * @throws Error where no key fits or a bit was changed
 */
export function decrypt(keys: readonly DirectKey[], jwe: string): string {
  const [, header = '', iv = '', sealed = '', tag = ''] = COMPACT.exec(jwe) ?? [];
  const found = keys.find((candidate) => candidate.header === header);
  if (found === undefined) throw new Error('sealed under a key that is not ours');
  const decipher = createDecipheriv(CIPHER, found.key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(header, 'ascii'))
    .setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(sealed, 'base64url'), decipher.final()]).toString('utf8');
}

function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
