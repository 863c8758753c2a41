export { Authenticators } from './authenticators.js';
export { DingTalkAuthenticator } from './dingtalk-authenticator.js';
export { DingTalkAuthenticatorModule } from './dingtalk-authenticator.module.js';
export { dingTalkSettings, type DingTalkSettings, readDingTalkSettings } from './dingtalk.config.js';
export { DingTalkAuthGuard } from './dingtalk-auth.guard.js';
export { DingTalkModule } from './dingtalk.module.js';
export type { DingTalkModuleOptions } from './dingtalk-module.options.js';
export { DingTalkSignInModule } from './dingtalk-sign-in.module.js';
export { type DingTalkOptions, redirectUri } from './dingtalk.options.js';
