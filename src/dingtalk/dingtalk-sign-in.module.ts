import { type ConfigurableModuleAsyncOptions, type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { Authenticators, OneAuthenticator } from './authenticators.js';
import { DingTalkAuthenticator } from './dingtalk-authenticator.js';
import { DingTalkAuthenticatorModule } from './dingtalk-authenticator.module.js';
import type { DingTalkOptions } from './dingtalk.options.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';
import { InAppController } from './in-app.controller.js';
import { KnownAuthenticatorGuard } from './known-authenticator.guard.js';
import { NoPrefetchGuard } from '../web/index.js';
import { FinishLimitGuard, RateLimitGuard } from './rate-limit.guard.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { DingTalkController } from './dingtalk.controller.js';
import { SignInGuard } from './sign-in.guard.js';

type Imports = NonNullable<ModuleMetadata['imports']>;

/**
 * Sign-in to NocoBase with DingTalk: an edge that exports nothing. In addition to the options of the one authenticator,
 * `forRoot` and `forRootAsync` take the AuthModule, the PagesModule, the RateLimitModule and the SharedStoreModule as
 * `imports`.
 */
@Module({
  controllers: [DingTalkController, InAppController],
  providers: [
    DingTalkStrategy,
    FinishLimitGuard,
    KnownAuthenticatorGuard,
    NoPrefetchGuard,
    RateLimitGuard,
    SameOriginGuard,
    SignInGuard,
  ],
})
export class DingTalkSignInModule {
  static forRoot({ imports = [], ...options }: DingTalkOptions & { imports?: Imports }): DynamicModule {
    return DingTalkSignInModule.withOne(imports, DingTalkAuthenticatorModule.forRoot({ imports, ...options }));
  }

  static forRootAsync(options: ConfigurableModuleAsyncOptions<DingTalkOptions>): DynamicModule {
    return DingTalkSignInModule.withOne(options.imports ?? [], DingTalkAuthenticatorModule.forRootAsync(options));
  }

  /** For several: `imports` are the modules that provide Authenticators, Responder and RateLimiter. */
  static forAuthenticators({ imports }: { imports: Imports }): DynamicModule {
    return { module: DingTalkSignInModule, imports };
  }

  private static withOne(imports: Imports, authenticator: DynamicModule): DynamicModule {
    return {
      module: DingTalkSignInModule,
      imports: [...imports, authenticator],
      providers: [
        {
          provide: Authenticators,
          inject: [DingTalkAuthenticator],
          useFactory: (one: DingTalkAuthenticator) => new OneAuthenticator(one),
        },
      ],
    };
  }
}
