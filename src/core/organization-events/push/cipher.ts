import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** PKCS#7 padding to 32 bytes, twice the cipher's block size: Node's own padding is switched off. */
const BLOCK = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** The content: the text, and for whom it was encrypted. */
export interface Opened {
  readonly text: string;
  readonly owner: string;
}

/**
 * AES-256-CBC in DingTalk's format: 16 random bytes, the length, the text, the owner.
 * https://open.dingtalk.com/document/development/http-callback-overview
 */
export class PushCipher {
  private readonly key: Buffer;

  /** @param aesKey the 43 characters of the developer console */
  constructor(aesKey: string) {
    this.key = Buffer.from(`${aesKey}=`, 'base64');
    if (this.key.length !== 32) throw new Error('The AES key of events has 43 letters and digits');
  }

  /** @returns undefined if it was not encrypted with this key. The caller has checked the signature before. */
  open(encrypted: string): Opened | undefined {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encrypted)) return undefined;
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % RANDOM_BYTES !== 0) return undefined;
    const decipher = createDecipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false);
    const plain = withoutPadding(Buffer.concat([decipher.update(bytes), decipher.final()]));
    if (plain === undefined || plain.length < RANDOM_BYTES + LENGTH_BYTES) return undefined;
    const start = RANDOM_BYTES + LENGTH_BYTES;
    const end = start + plain.readUInt32BE(RANDOM_BYTES);
    if (end > plain.length) return undefined;
    return { text: plain.toString('utf8', start, end), owner: plain.toString('utf8', end) };
  }

  seal({ text, owner }: Opened, random: Buffer = randomBytes(RANDOM_BYTES)): string {
    const said = Buffer.from(text);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(said.length);
    const plain = Buffer.concat([asText(random), length, said, Buffer.from(owner)]);
    const padding = BLOCK - (plain.length % BLOCK);
    const cipher = createCipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([
      cipher.update(plain),
      cipher.update(Buffer.alloc(padding, padding)),
      cipher.final(),
    ]).toString('base64');
  }
}

/** Hexadecimal digits: the random part is text, like DingTalk's own. */
const asText = (random: Buffer): Buffer => Buffer.from(random.toString('hex').slice(0, RANDOM_BYTES));

function withoutPadding(plain: Buffer): Buffer | undefined {
  const padding = plain.at(-1) ?? 0;
  if (padding < 1 || padding > BLOCK || padding > plain.length) return undefined;
  const content = plain.subarray(0, plain.length - padding);
  return plain.subarray(content.length).every((byte) => byte === padding) ? content : undefined;
}
