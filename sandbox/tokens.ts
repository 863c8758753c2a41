import type { Clock } from './clock.js';
import type { BrowserGrant } from './codes.js';
import type { Ids } from './ids.js';

export const ACCESS_TOKEN_SECONDS = 7200;
const REFRESH_TOKEN_SECONDS = 30 * 24 * 3600;

interface Issued<T> {
  holder: T;
  expiresAt: number;
}

/** User tokens and app tokens are separate: neither is accepted in place of the other. */
export class Tokens {
  readonly #userTokens = new Map<string, Issued<BrowserGrant>>();
  readonly #refreshTokens = new Map<string, Issued<BrowserGrant>>();
  readonly #appTokens = new Map<string, Issued<string>>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  issueUserTokens(grant: BrowserGrant): { accessToken: string; refreshToken: string } {
    const accessToken = this.ids.token('user-token');
    const refreshToken = this.ids.token('refresh-token');
    this.#userTokens.set(accessToken, this.#valid(grant, ACCESS_TOKEN_SECONDS));
    this.#refreshTokens.set(refreshToken, this.#valid(grant, REFRESH_TOKEN_SECONDS));
    return { accessToken, refreshToken };
  }

  /** A refresh returns a new refresh token and invalidates the old one. */
  redeemRefreshToken(refreshToken: string, clientId: string): BrowserGrant | undefined {
    const grant = this.#holder(this.#refreshTokens, refreshToken);
    if (grant?.clientId !== clientId) return undefined;
    this.#refreshTokens.delete(refreshToken);
    return grant;
  }

  userGrant(accessToken: string): BrowserGrant | undefined {
    return this.#holder(this.#userTokens, accessToken);
  }

  /**
   * A repeated request while the token is valid returns the same token and renews it.
   * https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app
   */
  appToken(clientId: string): string {
    const held = [...this.#appTokens].find(([token]) => this.appOf(token) === clientId)?.[0];
    const token = held ?? this.ids.token('app-token');
    this.#appTokens.set(token, this.#valid(clientId, ACCESS_TOKEN_SECONDS));
    return token;
  }

  /** The client id that an app token belongs to. */
  appOf(token: string): string | undefined {
    return this.#holder(this.#appTokens, token);
  }

  clear(): void {
    for (const tokens of [this.#userTokens, this.#refreshTokens, this.#appTokens]) tokens.clear();
  }

  #valid<T>(holder: T, seconds: number): Issued<T> {
    return { holder, expiresAt: this.clock.now() + seconds * 1000 };
  }

  #holder<T>(tokens: Map<string, Issued<T>>, token: string): T | undefined {
    const issued = tokens.get(token);
    return issued !== undefined && issued.expiresAt > this.clock.now() ? issued.holder : undefined;
  }
}
