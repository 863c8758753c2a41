import { Module } from '@nestjs/common';
import { UpstreamModule } from '../upstream/index.js';
import { AppTokenService } from './app-token.service.js';
import { AppTokenStore } from './app-token.store.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { DingTalkAuthGuard } from './dingtalk-auth.guard.js';
import { DingTalkController } from './dingtalk.controller.js';
import { ConfigurableModuleClass } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';
import { MemberService } from './member.service.js';
import { KnownAuthenticatorGuard } from './known-authenticator.guard.js';
import { NoPrefetchGuard } from './no-prefetch.guard.js';
import { RateLimitGuard } from './rate-limit.guard.js';

/**
 * Sign-in with DingTalk: an edge that exports nothing. `forRoot` and `forRootAsync` take, beside the options, the
 * AuthModule, the PagesModule, the RateLimitModule and the SharedStoreModule as `imports`.
 */
@Module({
  imports: [UpstreamModule],
  controllers: [DingTalkController],
  providers: [
    AppTokenStore,
    AppTokenService,
    MemberService,
    DingTalkApiClient,
    DingTalkService,
    DingTalkStrategy,
    DingTalkAuthGuard,
    KnownAuthenticatorGuard,
    NoPrefetchGuard,
    RateLimitGuard,
  ],
})
export class DingTalkModule extends ConfigurableModuleClass {}
