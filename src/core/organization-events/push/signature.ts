import { createHash, timingSafeEqual } from 'node:crypto';

export interface Signed {
  readonly timestamp: string;
  readonly nonce: string;
  readonly encrypt: string;
}

/** SHA-1 of the four parts in byte order: https://open.dingtalk.com/document/development/http-callback-overview */
export function signatureOf(token: string, { timestamp, nonce, encrypt }: Signed): string {
  const parts = [token, timestamp, nonce, encrypt].toSorted((one, other) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  return createHash('sha1').update(parts.join('')).digest('hex');
}

/** Takes the same time whichever character differs. */
export function isSignedBy(token: string, signed: Signed, signature: string): boolean {
  const [wanted, given] = [signatureOf(token, signed), signature.toLowerCase()].map((text) => Buffer.from(text));
  return wanted !== undefined && given?.length === wanted.length && timingSafeEqual(wanted, given);
}
