import type { AppToken, AppTokenStore } from './app-token-store.js';
import type { DingTalkApiClient } from './dingtalk-api.client.js';
import { OutOfTimeError, UpstreamBusyError, waitInBudget, withTimeBudget } from '../upstream/index.js';
import { StaleAppTokenError } from './dingtalk.errors.js';
import { DETAIL } from '../texts/index.js';

/** Timeout for fetching a token, including retries. */
const ASKING_MS = 10_000;
/** DingTalk recommends some minutes; its tokens are valid for two hours. */
const REFRESH_EARLY_MS = 200_000;
const APP_ACCESS_TOKEN = { upstream: 'DingTalk', operation: 'appAccessToken' } as const;

/**
 * The application's access token: one for the process and, through the store, for all replicas. Fetched by one caller
 * at a time, renewed early, and dropped once DingTalk no longer accepts it.
 */
export class AppTokens {
  private current: AppToken | undefined;
  private asking: Promise<AppToken> | undefined;

  constructor(
    private readonly api: DingTalkApiClient,
    private readonly store: AppTokenStore,
  ) {}

  /** Calls `work` with the token, and retries once with a new one if DingTalk no longer accepts the first. */
  async use<T>(work: (token: string) => Promise<T>): Promise<T> {
    return this.attempt(work, async () => work((await this.get()).value));
  }

  /** The same for work that must not be retried. @throws UpstreamBusyError if DingTalk no longer accepts the token */
  async useOnce<T>(work: (token: string) => Promise<T>): Promise<T> {
    return this.attempt(work, async () => {
      throw new UpstreamBusyError(APP_ACCESS_TOKEN, DETAIL.dingtalk.tokenForgotten.en);
    });
  }

  private async attempt<T>(work: (token: string) => Promise<T>, whenStale: () => Promise<T>): Promise<T> {
    const token = await this.get();
    try {
      return await work(token.value);
    } catch (error) {
      if (!(error instanceof StaleAppTokenError)) throw error;
      if (this.current === token) this.current = undefined;
      await this.store.forget(token);
      return whenStale();
    }
  }

  private async get(): Promise<AppToken> {
    if (this.current !== undefined && this.current.usableUntil > Date.now()) return this.current;
    this.asking ??= this.obtain().finally(() => (this.asking = undefined));
    return waitInBudget(this.asking, () => new OutOfTimeError(APP_ACCESS_TOKEN));
  }

  private async obtain(): Promise<AppToken> {
    const shared = await this.store.read();
    const token = shared ?? (await this.ask());
    this.current = token;
    return token;
  }

  private async ask(): Promise<AppToken> {
    // Many callers share this call, so it must not use up the time budget of the first.
    const { accessToken, expireIn } = await withTimeBudget(ASKING_MS, () => this.api.appAccessToken());
    const token = { value: accessToken, usableUntil: Date.now() + Math.max(0, expireIn * 1000 - REFRESH_EARLY_MS) };
    await this.store.write(token);
    return token;
  }
}
