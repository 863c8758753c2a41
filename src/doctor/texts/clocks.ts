import { type Text, text } from '../../core/texts/index.js';

/** About two clocks at once: NocoBase's and DingTalk's. */
export const CLOCKS = {
  nobodySays: text('neither NocoBase nor DingTalk reports its time', 'NocoBase 和钉钉都未返回时间'),
  seen: (nocobase: Text, dingtalk: Text) =>
    text(`NocoBase ${nocobase.en}, DingTalk ${dingtalk.en}`, `NocoBase 的时间${nocobase.zh}，钉钉的时间${dingtalk.zh}`),
  withLimit: (seen: Text, seconds: number) =>
    text(
      `${seen.en}; the plugin refuses the gateway's signatures if the clocks differ by more than ${seconds} s`,
      `${seen.zh}；相差超过 ${seconds} 秒时插件将拒绝网关的签名`,
    ),
  setTheirs: text(
    "Synchronize the clock of NocoBase's machine with NTP (timedatectl set-ntp true); the gateway's clock agrees with DingTalk's.",
    '请为 NocoBase 所在的机器启用 NTP 校时（timedatectl set-ntp true）；网关的时钟与钉钉一致。',
  ),
} as const;
