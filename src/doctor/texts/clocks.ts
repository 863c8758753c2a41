import { type Text, text } from '../../core/texts/index.js';

/** Of two clocks at once: NocoBase's and DingTalk's. */
export const CLOCKS = {
  nobodySays: text('neither NocoBase nor DingTalk says what time it is', 'NocoBase 和钉钉都没有给出时间'),
  seen: (nocobase: Text, dingtalk: Text) =>
    text(`NocoBase ${nocobase.en}, DingTalk ${dingtalk.en}`, `NocoBase ${nocobase.zh}，钉钉 ${dingtalk.zh}`),
  withLimit: (seen: Text, seconds: number) =>
    text(
      `${seen.en}; the plugin refuses what is signed where they differ by more than ${seconds} s`,
      `${seen.zh}；相差超过 ${seconds} 秒时插件将拒绝签名`,
    ),
  setTheirs: text(
    "Set the clock of NocoBase's machine by NTP (timedatectl set-ntp true); the gateway's own agrees with DingTalk.",
    '请为 NocoBase 所在的机器启用 NTP 校时（timedatectl set-ntp true）；网关的时钟与钉钉一致。',
  ),
} as const;
