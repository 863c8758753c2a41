export type Platform = 'ios' | 'android' | 'pc';

/** The newest of these versions support every call. */
export const CURRENT_VERSION: Readonly<Record<Platform, string>> = { ios: '7.8.1', android: '7.6.0', pc: '7.6.15' };

/**
 * DingTalk's user agents, which `lib/env.js` of dingtalk-jsapi parses. Phones have `AliApp(DingTalk/…)`, the desktop has
 * `DingTalk(…)`.
 */
const USER_AGENTS: Readonly<Record<Platform, (version: string) => string>> = {
  ios: (version) =>
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 ' +
    `AliApp(DingTalk/${version}) com.laiwang.DingTalk/46766536 Channel/201200 language/zh-Hans-CN UT4Aplus/0.0.6 WK`,
  android: (version) =>
    'Mozilla/5.0 (Linux; U; Android 13; zh-CN; M2102J2SC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 ' +
    `Chrome/100.0.4896.58 UWS/5.12.2.0 Mobile Safari/537.36 AliApp(DingTalk/${version}) ` +
    'com.alibaba.android.rimet/15213560 Channel/227200 language/zh-CN abi/64 UT4Aplus/0.2.25',
  pc: (version) =>
    'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0.4472.164 Safari/537.36 ' +
    `dingtalk-win/1.0.0 nw(0.14.7) DingTalk(${version}-Release.1029001) Mojo/1.0.0 Native AppType(release) Channel/201200`,
};

export function userAgentOf(platform: Platform, version: string): string {
  return USER_AGENTS[platform](version);
}
