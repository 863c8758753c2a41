export { type DingTalkSettings, readDingTalkSettings } from './dingtalk.config.js';
export { authorizationUrl, redirectUri } from './dingtalk.service.js';
export { DingTalkModule } from './dingtalk.module.js';
export type { DingTalkOptions } from './dingtalk.options.js';
export { appAccessToken, dingTalkErrorCode, effectiveCode, envelope, member } from './dingtalk-api.types.js';
export { APP_ACCESS_TOKEN_PATH, MEMBER_PATH, PERMISSION, USER_BY_UNION_ID_PATH } from './dingtalk.constants.js';
