import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SignJWT } from 'jose/jwt/sign';
import { UnconfirmedError } from './nocobase.errors.js';
import { issuedToken } from './nocobase-api.types.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import { type NocoBaseSession, SessionIssuer } from './session-issuer.js';
import { TokenPolicy } from './token-policy.js';

/**
 * Makes the session that NocoBase's own sign-in would make: a row in `issuedTokens` and a token signed with NocoBase's
 * secret. Without the row the session would die at its first expiry instead of being renewed (docs/adr/0001).
 */
@Injectable()
export class NocoBaseSessionIssuer extends SessionIssuer {
  constructor(
    private readonly api: NocoBaseApiClient,
    private readonly policy: TokenPolicy,
    @Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions,
  ) {
    super();
  }

  async issueFor(userId: number): Promise<NocoBaseSession> {
    const { authenticator, jwtSecret } = this.options;
    const jti = randomUUID();
    const now = Date.now();
    const iat = Math.floor(now / 1000);
    const lifetimeSeconds = await this.policy.expirationSeconds();
    const [token, row] = await Promise.all([
      new SignJWT({ userId, temp: true, signInTime: now, jti })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuedAt(iat)
        .setExpirationTime(iat + lifetimeSeconds)
        .sign(jwtSecret),
      this.api.create(
        'issuedTokens',
        { id: jti, jti, signInTime: now, issuedTime: now, userId, authenticator },
        issuedToken,
      ),
    ]);
    if (row.data.jti !== jti) throw new UnconfirmedError('issuedTokens:create');
    return { token, authenticator };
  }
}
