import { Module } from '@nestjs/common';
import { UpstreamModule } from '../upstream/index.js';
import { AppTokenService } from './app-token.service.js';
import { AppTokenStore } from './app-token.store.js';
import { DepartmentService } from './department.service.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { DingTalkAuthenticator } from './dingtalk-authenticator.js';
import { ConfigurableModuleClass } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';
import { MemberService } from './member.service.js';

/** One DingTalk application, without routes. Takes, beside the options, the AuthModule, the RateLimitModule and the SharedStoreModule as `imports`. */
@Module({
  imports: [UpstreamModule],
  providers: [
    AppTokenStore,
    AppTokenService,
    DepartmentService,
    MemberService,
    DingTalkApiClient,
    DingTalkService,
    DingTalkAuthenticator,
  ],
  exports: [DingTalkAuthenticator],
})
export class DingTalkAuthenticatorModule extends ConfigurableModuleClass {}
