import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Its form in our JWK Set (RFC 7517; RFC 8037, section 2). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

const PURPOSE = 'nocobase-dingtalk-gateway/signing/v1';
/** PKCS #8 of an Ed25519 key up to its 32 bytes, the only part that differs: RFC 8410, section 10.3. */
const PKCS8_UP_TO_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * An Ed25519 key pair derived from a secret by HKDF (RFC 5869): all replicas have the same one, nothing needs to be
 * stored or shared, and it reveals nothing about the secret or other keys derived from it.
 */
export function deriveSigningKey(secret: string): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32));
  const key = Buffer.concat([PKCS8_UP_TO_SEED, seed]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    privateKey,
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprint(x), use: 'sig', alg: 'EdDSA' },
  };
}

/** RFC 7638, with the members named in RFC 8037, appendix A.3. */
function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}
