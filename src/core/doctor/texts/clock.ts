import { type Text, text } from '../../texts/index.js';

/** About a clock compared with ours. */
export const CLOCK = {
  title: text('Clock', '时钟'),
  dingtalkSaysNothing: text('DingTalk does not report its time', '钉钉未返回时间'),
  ofDingTalk: (said: Text) => text(`DingTalk ${said.en}`, `钉钉的时间${said.zh}`),
  setOurs: text(
    "Synchronize this machine's clock with NTP (timedatectl set-ntp true; for a container, on its host).",
    '请为本机启用 NTP 校时（timedatectl set-ntp true，容器则在宿主机上设置）。',
  ),

  // Follows the name of the clock's owner.
  saysNothing: text('does not report its time', '未知'),
  agrees: text('agrees', '与本机一致'),
  isAhead: (amount: Text) => text(`is ${amount.en} ahead of this machine`, `比本机快 ${amount.zh}`),
  isBehind: (amount: Text) => text(`is ${amount.en} behind this machine`, `比本机慢 ${amount.zh}`),
  seconds: (count: number) => text(`${count} s`, `${count} 秒`),
  minutes: (count: number) => text(`${count} minutes`, `${count} 分钟`),
  hours: (count: number) => text(`${count} hours`, `${count} 小时`),
  days: (count: number) => text(`${count} days`, `${count} 天`),
} as const;
