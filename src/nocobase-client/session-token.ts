import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/**
 * The claims that NocoBase reads (docs/adr/0001); `iat` and `exp` in seconds since 1970, `signInTime` in milliseconds.
 */
export interface SessionClaims {
  readonly userId: number;
  readonly temp: true;
  readonly signInTime: number;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
}

const HEADER = base64url({ alg: 'HS256', typ: 'JWT' });

/** @throws RangeError without a secret: anyone could sign with an empty one */
export function signingKey(secret: Uint8Array): KeyObject {
  if (secret.byteLength === 0) throw new RangeError('an empty secret signs nothing');
  return createSecretKey(secret);
}

/**
 * A JWT as NocoBase itself signs it: HS256 (RFC 7515 appendix A.1). Not by jose, whose WebCrypto takes ten times the
 * CPU time for three lines (docs/performance.md); nothing is verified here.
 */
export function sessionToken(claims: SessionClaims, key: KeyObject): string {
  const content = `${HEADER}.${base64url(claims)}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
