import { randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import { sessionToken, signingKey } from './session-token.js';

const claims = {
  userId: 7,
  temp: true,
  signInTime: 1_800_000_000_123,
  jti: 'a-b',
  iat: 1,
  exp: 9_999_999_999,
} as const;

describe('a session token', () => {
  it.each([['text', Buffer.from('a secret of NocoBase')] as const, ['bytes', randomBytes(32)] as const])(
    'is an HS256 JWT that others can verify (secret of %s)',
    async (_kind, secret) => {
      const { payload, protectedHeader } = await jwtVerify(sessionToken(claims, signingKey(secret)), secret);
      expect(payload).toEqual(claims);
      expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
      await expect(jwtVerify(sessionToken(claims, signingKey(randomBytes(32))), secret)).rejects.toThrow('signature');
    },
  );

  it('is never signed with an empty secret', () => {
    expect(() => signingKey(new Uint8Array())).toThrow(RangeError);
  });
});
