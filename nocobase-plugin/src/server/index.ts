export { DingTalkPlugin as default } from './plugin.js';
