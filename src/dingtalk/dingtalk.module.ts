import { Module } from '@nestjs/common';
import { authDefaults, SignInTransactionService } from '../auth/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import { OneTimeStore } from '../core/sign-in/index.js';
import { RedisConnection } from '../shared-store/index.js';
import { Telemetry } from '../telemetry/index.js';
import { UpstreamModule } from '../upstream/index.js';
import { rateLimitDefaults, type RateLimitOptions, RefusedCodesService, RateLimiterService } from '../web/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { RefusedCodes } from '../core/limits/index.js';
import { APPLICATION_PROVIDERS } from './dingtalk-application.providers.js';
import { DingTalkApplication } from './dingtalk-application.js';
import {
  applicationOptions,
  ConfigurableModuleClass,
  DINGTALK_MODULE_OPTIONS,
  type DingTalkModuleOptions,
} from './dingtalk-module.options.js';
import { DINGTALK_OPTIONS } from './dingtalk.options.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';

const OPTIONAL_TELEMETRY = { token: Telemetry, optional: true };

/** The landing page is up to the route that `DingTalkAuthGuard` protects. */
const NO_RETURN_PATHS = { home: '/' as ReturnPath, checked: () => undefined };

/**
 * DingTalk as an identity provider, for an application with its own routes and without NocoBase: exports what
 * `DingTalkAuthGuard` needs. For one DingTalk application; it limits requests and refused codes like the gateway.
 */
@Module({
  imports: [UpstreamModule],
  providers: [
    ...APPLICATION_PROVIDERS,
    DingTalkStrategy,
    { provide: DINGTALK_OPTIONS, inject: [DINGTALK_MODULE_OPTIONS], useFactory: applicationOptions },
    {
      provide: SignInTransactionService,
      inject: [OneTimeStore, DINGTALK_MODULE_OPTIONS, OPTIONAL_TELEMETRY],
      useFactory: (used: OneTimeStore, options: DingTalkModuleOptions, telemetry?: Telemetry) => {
        const { callbackUrl: publicUrl, cookieSecret } = options;
        const { transactionTtlSeconds = authDefaults.transactionTtlSeconds } = options;
        const cookies = { publicUrl, cookieSecrets: [cookieSecret] as const, transactionTtlSeconds };
        return new SignInTransactionService(used, cookies, NO_RETURN_PATHS, telemetry);
      },
    },
    {
      provide: RateLimiter,
      inject: [DINGTALK_MODULE_OPTIONS, RedisConnection, OPTIONAL_TELEMETRY],
      useFactory: (options: DingTalkModuleOptions, redis: RedisConnection, telemetry?: Telemetry) =>
        new RateLimiterService(limits(options), redis, telemetry),
    },
    {
      provide: RefusedCodes,
      inject: [DINGTALK_MODULE_OPTIONS, RedisConnection, OPTIONAL_TELEMETRY],
      useFactory: (options: DingTalkModuleOptions, redis: RedisConnection, telemetry?: Telemetry) =>
        new RefusedCodesService(limits(options), redis, telemetry),
    },
  ],
  exports: [DingTalkStrategy, DingTalkApplication, RateLimiter],
})
export class DingTalkModule extends ConfigurableModuleClass {}

function limits({ requestsPerMinute, cookieSecret }: DingTalkModuleOptions): RateLimitOptions {
  return { perAddress: requestsPerMinute ?? rateLimitDefaults.perAddress, secret: cookieSecret };
}
