export { type DingTalkSettings, readDingTalkSettings } from './dingtalk.config.js';
export { redirectUri } from './dingtalk.service.js';
export { DingTalkModule } from './dingtalk.module.js';
export type { DingTalkOptions } from './dingtalk.options.js';
