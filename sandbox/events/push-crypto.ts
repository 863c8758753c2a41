import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** https://github.com/open-dingtalk/DingTalk-Callback-Crypto */
export function sign(token: string, timestamp: string, nonce: string, encrypt: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypt].toSorted().join('')).digest('hex');
}

export function encrypt(aesKey: string, random: string, text: string, owner: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const message = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([Buffer.from(random.slice(0, 16)), length, message, Buffer.from(owner)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
    'base64',
  );
}

export function decrypt(aesKey: string, encrypted: string): { text: string; owner: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()]);
  const plain = padded.subarray(0, padded.length - padded.at(-1)!);
  const end = 20 + plain.readUInt32BE(16);
  return { text: plain.toString('utf8', 20, end), owner: plain.toString('utf8', end) };
}
