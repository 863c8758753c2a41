import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { clockAhead, type Exchange, failed, ok, type Probe } from '../../core/doctor/index.js';
import { nocoBaseCode, saysPasswordChanged } from '../nocobase-calls.js';
import type { StockContext } from '../doctor-context.js';
import { keyOwner } from './nocobase-key.probe.js';
import { JWT_SECRET } from '../texts/nocobase.js';

/** Long enough for one call. */
const LIFETIME_SECONDS = 60;

/**
 * Errors that NocoBase reports only after it accepted the signature. They are about times, which another probe checks.
 */
const AFTER_THE_SIGNATURE = new Set(['TOKEN_RENEW_FAILED', 'EXPIRED_TOKEN', 'EXPIRED_SESSION']);

/**
 * Signs a token for the key's own user, as a sign-in does for a person, and asks NocoBase about it. Nothing is stored.
 */
export const jwtSecretProbe: Probe<StockContext> = {
  id: 'nocobase.jwt-secret',
  title: JWT_SECRET.title,
  needs: ['nocobase.key'],
  run: async (context) => {
    const { app } = context.authenticator.nocobase;
    const answer = await ask(context);
    const code = nocoBaseCode(answer);
    if (answer.status === 200 || AFTER_THE_SIGNATURE.has(code) || saysPasswordChanged(answer)) {
      return ok(JWT_SECRET.accepted);
    }
    return failed(JWT_SECRET.refused(code), app === 'main' ? JWT_SECRET.set : JWT_SECRET.setForSubApp);
  },
};

async function ask({ nocobase, authenticator }: StockContext): Promise<Exchange> {
  const checked = await nocobase.keyCheck();
  // By NocoBase's clock: another probe checks whether ours is right.
  const now = Date.now() + (clockAhead(await nocobase.anonymousCheck()) ?? 0);
  const iat = Math.floor(now / 1000);
  const token = await new SignJWT({ userId: keyOwner(checked)?.id, temp: true, signInTime: now, jti: randomUUID() })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_SECONDS)
    .sign(authenticator.nocobase.jwtSecret);
  return nocobase.get('auth:check', { token });
}
