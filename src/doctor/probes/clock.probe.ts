import { CLOCK_TOLERANCE_SECONDS } from '../../core/plugin-protocol/index.js';
import type { Exchange } from '../http-exchange.js';
import { clockAhead } from '../nocobase-calls.js';
import { type DoctorContext, PluginContext } from '../doctor-context.js';
import { attention, failed, ok, type Probe, skipped } from '../probe.js';
import type { Text } from '../../core/texts/index.js';
import { CLOCK } from '../texts/dingtalk.js';

/** Tokens and cookies carry times; NocoBase refuses a token that is older than a password change. */
const TOLERANCE_SECONDS = 30;
/** Clocks that NTP sets differ by less: from here on somebody should look, before the plugin refuses what we sign. */
const NOTICED_WITH_PLUGIN_SECONDS = 5;

export const clockProbe: Probe<DoctorContext> = {
  id: 'clock',
  title: CLOCK.title,
  run: async (context) => {
    const [nocobase, dingtalk] = await Promise.all([
      secondsAhead(context.nocobase.anonymousCheck()),
      secondsAhead(context.dingtalkFrontDoor()),
    ]);
    if (nocobase === undefined && dingtalk === undefined) {
      return skipped(CLOCK.nobodySays);
    }
    const hasPlugin = context instanceof PluginContext;
    const isOff = (seconds: number | undefined, tolerance = TOLERANCE_SECONDS): boolean =>
      Math.abs(seconds ?? 0) > tolerance;
    const nocobaseIsOff = isOff(nocobase, hasPlugin ? CLOCK_TOLERANCE_SECONDS : TOLERANCE_SECONDS);
    const isNoticed = hasPlugin && Math.abs(nocobase ?? 0) >= NOTICED_WITH_PLUGIN_SECONDS;
    const seen = CLOCK.seen(said(nocobase), said(dingtalk));
    const isWell = !nocobaseIsOff && !isOff(dingtalk);
    if (isWell && !isNoticed) return ok(seen);
    // DingTalk's clock is the one that is surely right.
    const tolerance = isWell ? NOTICED_WITH_PLUGIN_SECONDS - 1 : TOLERANCE_SECONDS;
    const onlyNocoBase = dingtalk !== undefined && !isOff(dingtalk, tolerance);
    const fix = onlyNocoBase ? CLOCK.setTheirs : CLOCK.setOurs;
    return isWell ? attention(CLOCK.withLimit(seen, CLOCK_TOLERANCE_SECONDS), fix) : failed(seen, fix);
  },
};

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
  if (seconds === undefined) return CLOCK.saysNothing;
  if (Math.abs(seconds) <= 1) return CLOCK.agrees;
  const amount = duration(Math.abs(seconds));
  return seconds > 0 ? CLOCK.isAhead(amount) : CLOCK.isBehind(amount);
}

/** In the largest unit of which there are two: a clock that was never set is off by years. */
function duration(seconds: number): Text {
  if (seconds < 2 * 60) return CLOCK.seconds(seconds);
  if (seconds < 2 * 3600) return CLOCK.minutes(Math.round(seconds / 60));
  if (seconds < 2 * 86_400) return CLOCK.hours(Math.round(seconds / 3600));
  return CLOCK.days(Math.round(seconds / 86_400));
}
