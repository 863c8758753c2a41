import { CLOCK_TOLERANCE_SECONDS } from '../../core/plugin-protocol/index.js';
import type { Exchange } from '../http-exchange.js';
import { clockAhead } from '../nocobase-calls.js';
import { type Patient, PluginPatient } from '../patient.js';
import { attention, failed, ok, type Probe, skipped } from '../probe.js';
import { type Text, text } from '../../core/texts/index.js';

/** Tokens and cookies carry times; NocoBase refuses a token that is older than a password change. */
const TOLERANCE_SECONDS = 30;
/** Clocks that NTP sets differ by less: from here on somebody should look, before the plugin refuses what we sign. */
const NOTICED_WITH_PLUGIN_SECONDS = 5;

export const clockProbe: Probe<Patient> = {
  id: 'clock',
  title: text('Clock', '时钟'),
  run: async (patient) => {
    const [nocobase, dingtalk] = await Promise.all([
      secondsAhead(patient.nocobase.anonymousCheck()),
      secondsAhead(patient.dingtalkFrontDoor()),
    ]);
    if (nocobase === undefined && dingtalk === undefined) {
      return skipped(text('neither NocoBase nor DingTalk says what time it is', 'NocoBase 和钉钉都没有给出时间'));
    }
    const hasPlugin = patient instanceof PluginPatient;
    const isOff = (seconds: number | undefined, tolerance = TOLERANCE_SECONDS): boolean =>
      Math.abs(seconds ?? 0) > tolerance;
    const nocobaseIsOff = isOff(nocobase, hasPlugin ? CLOCK_TOLERANCE_SECONDS : TOLERANCE_SECONDS);
    const isNoticed = hasPlugin && Math.abs(nocobase ?? 0) >= NOTICED_WITH_PLUGIN_SECONDS;
    const seen = text(
      `NocoBase ${said(nocobase).en}, DingTalk ${said(dingtalk).en}`,
      `NocoBase ${said(nocobase).zh}，钉钉 ${said(dingtalk).zh}`,
    );
    const isWell = !nocobaseIsOff && !isOff(dingtalk);
    if (isWell && !isNoticed) return ok(seen);
    // DingTalk's clock is the one that is surely right.
    const tolerance = isWell ? NOTICED_WITH_PLUGIN_SECONDS - 1 : TOLERANCE_SECONDS;
    const onlyNocoBase = dingtalk !== undefined && !isOff(dingtalk, tolerance);
    const fix = onlyNocoBase
      ? text(
          "Set the clock of NocoBase's machine by NTP (timedatectl set-ntp true); the gateway's own agrees with DingTalk.",
          '请为 NocoBase 所在的机器启用 NTP 校时（timedatectl set-ntp true）；网关的时钟与钉钉一致。',
        )
      : text(
          "Set this machine's clock by NTP (timedatectl set-ntp true, or the container's host).",
          '请为本机启用 NTP 校时（timedatectl set-ntp true，容器则在宿主机上设置）。',
        );
    return isWell ? attention(withLimit(seen), fix) : failed(seen, fix);
  },
};

/** How long it goes well. */
function withLimit({ en, zh }: Text): Text {
  return text(
    `${en}; the plugin refuses what is signed where they differ by more than ${CLOCK_TOLERANCE_SECONDS} s`,
    `${zh}；相差超过 ${CLOCK_TOLERANCE_SECONDS} 秒时插件将拒绝签名`,
  );
}

async function secondsAhead(asked: Promise<Exchange>): Promise<number | undefined> {
  try {
    const ahead = clockAhead(await asked);
    return ahead === undefined ? undefined : Math.round(ahead / 1000);
  } catch {
    // Whether they can be reached is another probe's question.
    return undefined;
  }
}

function said(seconds: number | undefined): Text {
  if (seconds === undefined) return text('does not say', '未给出');
  if (Math.abs(seconds) <= 1) return text('agrees', '一致');
  const amount = duration(Math.abs(seconds));
  return seconds > 0
    ? text(`is ${amount.en} ahead of us`, `比本机快 ${amount.zh}`)
    : text(`is ${amount.en} behind us`, `比本机慢 ${amount.zh}`);
}

/** In the largest unit of which there are two: a clock that was never set is off by years. */
function duration(seconds: number): Text {
  if (seconds < 2 * 60) return text(`${seconds} s`, `${seconds} 秒`);
  if (seconds < 2 * 3600) return text(`${Math.round(seconds / 60)} minutes`, `${Math.round(seconds / 60)} 分钟`);
  if (seconds < 2 * 86_400) return text(`${Math.round(seconds / 3600)} hours`, `${Math.round(seconds / 3600)} 小时`);
  return text(`${Math.round(seconds / 86_400)} days`, `${Math.round(seconds / 86_400)} 天`);
}
