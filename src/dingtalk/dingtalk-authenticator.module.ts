import { Module } from '@nestjs/common';
import { UpstreamModule } from '../upstream/index.js';
import { APPLICATION_PROVIDERS } from './dingtalk-application.providers.js';
import { DingTalkAuthenticator } from './dingtalk-authenticator.js';
import { ConfigurableModuleClass } from './dingtalk.options.js';

/**
 * One DingTalk application, without routes. In addition to the options it takes the AuthModule, the RateLimitModule and
 * the SharedStoreModule as `imports`.
 */
@Module({
  imports: [UpstreamModule],
  providers: [...APPLICATION_PROVIDERS, DingTalkAuthenticator],
  exports: [DingTalkAuthenticator],
})
export class DingTalkAuthenticatorModule extends ConfigurableModuleClass {}
