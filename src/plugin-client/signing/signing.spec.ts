import { calculateJwkThumbprint, createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { Seal } from '../../core/sealed/index.js';
import { z } from 'zod';
import { freshFor, Signer } from './signer.js';
import { deriveSigningKey } from './signing-key.js';

const [OLD, NEW] = ['an-older-secret-of-32-characters-or-more', 'a-newer-secret-of-32-characters-or-more'];
const TYP = 'for-tests+jwt';
const jwks = (signer: Signer) => createLocalJWKSet({ keys: signer.publicKeys().keys.map((key) => ({ ...key })) });
const verified = async (jws: string, signer: Signer) =>
  jwtVerify(jws, jwks(signer), { algorithms: ['EdDSA'], typ: TYP }).then(
    ({ payload }) => payload,
    (error: { code?: string }) => error.code,
  );

describe('The gateway’s signature', () => {
  it('can be verified by every replica with its secret, and covers exactly the given claims', async () => {
    const claims = { iss: 'https://sso.example.com', aud: 'https://app.example.com', ...freshFor(60) };
    const jws = await new Signer([NEW]).sign(TYP, claims);
    expect(await verified(jws, new Signer([NEW]))).toEqual(claims);
    expect(decodeProtectedHeader(jws)).toEqual({ alg: 'EdDSA', typ: TYP, kid: expect.any(String) });
    expect(new Signer([NEW]).publicKeys()).toEqual(new Signer([NEW]).publicKeys());
  });

  it('is invalid after a change of one character, or with another secret', async () => {
    const [header, payload, signature] = (await new Signer([NEW]).sign(TYP, freshFor(60))).split('.') as [
      string,
      string,
      string,
    ];
    const longer = Buffer.from(JSON.stringify({ ...decodeJwt(`${header}.${payload}.`), exp: 9e9 }));
    const forged = `${header}.${longer.toString('base64url')}.${signature}`;
    expect(await verified(forged, new Signer([NEW]))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    const strangers = await new Signer([OLD]).sign(TYP, freshFor(60));
    expect(await verified(strangers, new Signer([NEW]))).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });

  it('uses the first of several secrets; all are published, and a removed one verifies nothing any more', async () => {
    const before = await new Signer([OLD]).sign(TYP, { n: 1 });
    const rotating = new Signer([NEW, OLD]);
    expect(await verified(before, rotating)).toEqual({ n: 1 });
    const after = await rotating.sign(TYP, { n: 2 });
    expect(await verified(after, new Signer([NEW]))).toEqual({ n: 2 });
    expect(await verified(before, new Signer([NEW]))).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });

  it('uses a key that others accept while they refuse the first one, which it tries again', async () => {
    jest.useFakeTimers({ now: Date.now() });
    try {
      const signer = new Signer([NEW, OLD]);
      const [first, second] = signer.thumbprints() as [string, string];
      const kidOf = async (): Promise<string | undefined> => decodeProtectedHeader(await signer.sign(TYP, {})).kid;
      expect([await kidOf(), signer.usesFirst]).toEqual([first, true]);
      signer.wasTaken(second);
      expect([await kidOf(), signer.usesFirst, signer.thumbprints()]).toEqual([second, false, [second, first]]);
      jest.advanceTimersByTime(60_000);
      // Only the request to the plugin tries the first one; tickets are signed with the key accepted last.
      expect([await kidOf(), signer.thumbprints()]).toEqual([second, [first, second]]);
      signer.wasTaken(first);
      expect([await kidOf(), signer.usesFirst]).toEqual([first, true]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is valid briefly, with a new id each time', () => {
    const since = Math.floor(Date.now() / 1000);
    const { iat, exp, jti } = freshFor(60);
    expect(exp - iat).toBe(60);
    expect(iat).toBeGreaterThanOrEqual(since);
    expect(iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
    expect(jti).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(freshFor(60).jti).not.toBe(jti);
  });
});

describe('The published keys', () => {
  it('contain the public half, under its thumbprint (RFC 7638)', async () => {
    const { keys } = new Signer([NEW, OLD]).publicKeys();
    for (const key of keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
      expect(key.kid).toBe(await calculateJwkThumbprint({ ...key }));
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
  });

  it('do not change between versions of this gateway, so that replicas of both agree', () => {
    expect(deriveSigningKey(NEW).publicJwk.x).toBe('Mshn6yE203AKWHJgKcrtyPVUvzFPg5P3JoL2NBLVz0A');
  });

  it('reveal nothing about the secret, nor about what is sealed with it', async () => {
    const { privateKey, publicJwk } = deriveSigningKey(NEW);
    const { d = '' } = privateKey.export({ format: 'jwk' });
    const seed = Buffer.from(d, 'base64url');
    const shown = JSON.stringify(publicJwk);
    for (const secret of [NEW, d, seed.toString('hex'), Buffer.from(NEW).toString('base64url')]) {
      expect(shown).not.toContain(secret);
    }
    // The signing key would not open a cookie either.
    const guard = z.object({ n: z.number() });
    const sealed = await new Seal([NEW], 'sign-in transaction cookie', guard).seal({ n: 1 }, 60);
    for (const guess of [d, seed.toString('hex'), seed.toString('latin1')]) {
      expect(await new Seal([guess], 'sign-in transaction cookie', guard).open(sealed)).toBeUndefined();
    }
  });
});
