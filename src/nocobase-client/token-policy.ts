import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import ms, { type StringValue } from 'ms';
import { MisconfiguredError } from '../core/errors/index.js';
import { OutOfTimeError, waitInBudget, withTimeBudget } from '../core/upstream/index.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { tokenPolicyRows } from './nocobase-api.types.js';
import { LOG } from '../core/texts/index.js';

/** Timeout for reading. Many wait for it, so it does not use the time budget of the first caller. */
const READING_MS = 10_000;
/** Cache age of the policy; it is then read again in the background. */
const FRESH_MS = 60_000;
/** NocoBase's own default for `tokenExpirationTime`. */
const DEFAULT_EXPIRATION_SECONDS = 86_400;

/**
 * NocoBase's token policy (Settings, Security, Token policy): the lifetime of a token. Read at start, then cached, so
 * that sign-ins do not wait for it.
 *
 * A role that may not read the policy gets NocoBase's default. That grants nothing: NocoBase applies its policy to a
 * token's `iat`, whatever its `exp` says.
 */
@Injectable()
export class TokenPolicy implements OnApplicationBootstrap {
  private readonly logger = new Logger(TokenPolicy.name);
  private readonly cache = new LRUCache<'policy', number>({
    max: 1,
    ttl: FRESH_MS,
    allowStale: true,
    allowStaleOnFetchRejection: true,
    noDeleteOnFetchRejection: true,
    fetchMethod: () => withTimeBudget(READING_MS, () => this.read()),
  });

  constructor(private readonly api: NocoBaseApiClient) {}

  onApplicationBootstrap(): void {
    // NocoBase may start after the gateway; then the first sign-in reads it.
    this.expirationSeconds().catch((error: unknown) => this.logger.warn(LOG.tokenPolicyNotRead(String(error)).en));
  }

  async expirationSeconds(): Promise<number> {
    const late = () => new OutOfTimeError({ upstream: 'NocoBase', operation: 'tokenControlConfig:list' });
    return (await waitInBudget(this.cache.fetch('policy'), late)) ?? DEFAULT_EXPIRATION_SECONDS;
  }

  private async read(): Promise<number> {
    try {
      const { data } = await this.api.listAll('tokenControlConfig', tokenPolicyRows);
      const policy = data.find(({ key }) => key === 'token-policy-config');
      const milliseconds = policy ? ms(policy.config.tokenExpirationTime as StringValue) : undefined;
      return milliseconds && milliseconds > 0 ? Math.floor(milliseconds / 1000) : DEFAULT_EXPIRATION_SECONDS;
    } catch (error) {
      if (!(error instanceof MisconfiguredError)) throw error;
      this.logger.warn(LOG.defaultLifetime(error.message).en);
      return DEFAULT_EXPIRATION_SECONDS;
    }
  }
}
