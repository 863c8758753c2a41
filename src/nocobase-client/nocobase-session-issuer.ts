import { type KeyObject, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { MisconfiguredError } from '../core/errors/index.js';
import { UnconfirmedError } from './nocobase.errors.js';
import { issuedToken } from './nocobase-api.types.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import { type NocoBaseSession, SessionIssuer } from './session-issuer.js';
import { sessionToken, signingKey } from './session-token.js';
import { TokenPolicy } from './token-policy.js';
import { DETAIL } from '../core/texts/index.js';

/** Refusals about times: a matter of clocks, not of the secret. */
const AFTER_THE_SIGNATURE: ReadonlySet<string> = new Set(['TOKEN_RENEW_FAILED', 'EXPIRED_TOKEN', 'EXPIRED_SESSION']);

/**
 * Creates the session that NocoBase's own sign-in would create: a record in `issuedTokens` and a token signed with
 * NocoBase's secret. Without the record the session would end at its first expiry instead of being renewed
 * (docs/adr/0001).
 */
@Injectable()
export class NocoBaseSessionIssuer extends SessionIssuer {
  private readonly key: KeyObject;

  constructor(
    private readonly api: NocoBaseApiClient,
    private readonly policy: TokenPolicy,
    @Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions,
  ) {
    super();
    this.key = signingKey(options.jwtSecret);
  }

  async issueFor(userId: number): Promise<NocoBaseSession> {
    const { authenticator } = this.options;
    const jti = randomUUID();
    const now = Date.now();
    const iat = Math.floor(now / 1000);
    const lifetimeSeconds = await this.policy.expirationSeconds();
    const row = await this.api.create(
      'issuedTokens',
      { id: jti, jti, signInTime: now, issuedTime: now, userId, authenticator },
      issuedToken,
    );
    if (row.data.jti !== jti) throw new UnconfirmedError('issuedTokens:create');
    const token = sessionToken({ userId, temp: true, signInTime: now, jti, iat, exp: iat + lifetimeSeconds }, this.key);
    return { token, authenticator };
  }

  /** Signs a token for the key's own user, and asks NocoBase about it. */
  override async check(): Promise<void> {
    const { authenticator } = this.options;
    const userId = await this.api.ownerOfKey();
    const now = Date.now();
    const iat = Math.floor(now / 1000);
    const exp = iat + (await this.policy.expirationSeconds());
    const token = sessionToken({ userId, temp: true, signInTime: now, jti: randomUUID(), iat, exp }, this.key);
    const refusal = await this.api.refusalOf({ token, authenticator });
    if (refusal === undefined || AFTER_THE_SIGNATURE.has(refusal)) return;
    if (refusal === 'INVALID_TOKEN') {
      throw new MisconfiguredError('NOCOBASE_JWT_SECRET', DETAIL.nocobase.sessionRefused.en);
    }
    const what = DETAIL.nocobase.sessionOpensNothing(authenticator, refusal);
    throw new MisconfiguredError('NOCOBASE_AUTHENTICATOR', what.en);
  }
}
