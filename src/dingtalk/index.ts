export { Authenticators } from './authenticators.js';
export { DingTalkAuthenticator } from './dingtalk-authenticator.js';
export { DingTalkAuthenticatorModule } from './dingtalk-authenticator.module.js';
export { type DingTalkSettings, readDingTalkSettings } from './dingtalk.config.js';
export { DingTalkModule } from './dingtalk.module.js';
export type { DingTalkOptions } from './dingtalk.options.js';
export { isDingTalkClient } from './in-app-request.js';
export { redirectUri } from './dingtalk.service.js';
