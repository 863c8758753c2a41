import { createDecipheriv, createHash, type KeyObject } from 'node:crypto';

/** Protected header, no encrypted key, initialization vector, ciphertext, tag. */
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/**
 * Opens what version 0.1 sealed, a JWE (RFC 7516, `dir`, `A256GCM`): a person may be at DingTalk while the gateway is replaced.
 * The release after the next has no use for it: what was sealed lives ten minutes in a browser, two hours in Redis.
 *
 * Only the one header that 0.1 wrote with this key is taken: none is read, so none can ask for another algorithm.
 */
export function openFormer(key: KeyObject, sealed: string): string | undefined {
  const [, header = '', iv = '', ciphertext = '', tag = ''] = COMPACT.exec(sealed) ?? [];
  if (header === '' || header !== headerOf(key)) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
    .setAAD(Buffer.from(header))
    .setAuthTag(Buffer.from(tag, 'base64url'));
  try {
    return Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function headerOf(key: KeyObject): string {
  const kid = createHash('sha256').update(key.export()).digest('base64url').slice(0, 8);
  return Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url');
}
