import { Module } from '@nestjs/common';
import { UpstreamModule } from '../upstream/index.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { DingTalkAuthGuard } from './dingtalk-auth.guard.js';
import { DingTalkController } from './dingtalk.controller.js';
import { ConfigurableModuleClass } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';
import { KnownAuthenticatorGuard } from './known-authenticator.guard.js';

/**
 * Sign-in with DingTalk: an edge that exports nothing. `forRoot` and `forRootAsync` take, beside the options, the
 * AuthModule and the PagesModule as `imports`.
 */
@Module({
  imports: [UpstreamModule],
  controllers: [DingTalkController],
  providers: [DingTalkApiClient, DingTalkService, DingTalkStrategy, DingTalkAuthGuard, KnownAuthenticatorGuard],
})
export class DingTalkModule extends ConfigurableModuleClass {}
