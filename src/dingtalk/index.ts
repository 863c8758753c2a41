export { Authenticators } from './authenticators.js';
export { DingTalkAuthenticator } from './dingtalk-authenticator.js';
export { DingTalkAuthenticatorModule } from './dingtalk-authenticator.module.js';
export { dingTalkSettings, type DingTalkSettings, readDingTalkSettings } from './dingtalk.config.js';
export { DingTalkAuthGuard } from './dingtalk-auth.guard.js';
export { DingTalkModule } from './dingtalk.module.js';
export type { DingTalkModuleOptions } from './dingtalk-module.options.js';
export { DingTalkSignInModule } from './dingtalk-sign-in.module.js';
export type { DingTalkOptions } from './dingtalk.options.js';
export { authorizationUrl, redirectUri } from './dingtalk.service.js';
export {
  appAccessToken,
  dingTalkErrorCode,
  effectiveCode,
  envelope,
  member,
  organizationToken,
} from './dingtalk-api.types.js';
export {
  appAccessTokenRequest,
  type DingTalkRequest,
  organizationTokenRequest,
  topapiRequest,
} from './dingtalk-requests.js';
export { MEMBER_PATH, USER_BY_UNION_ID_PATH } from './dingtalk.constants.js';
