import {
  attention,
  CLOCK,
  CLOCK_PROBE,
  failed,
  isClockOff,
  ok,
  type Probe,
  saidOfClock,
  secondsAhead,
  skipped,
  TOLERATED_SECONDS,
} from '../../core/doctor/index.js';
import { CLOCK_TOLERANCE_SECONDS } from '../../core/plugin-protocol/index.js';
import { type DoctorContext, PluginContext } from '../doctor-context.js';
import { CLOCKS } from '../texts/clocks.js';

/** Clocks set by NTP differ by less: more than this is reported before the plugin refuses our signatures. */
const NOTICED_WITH_PLUGIN_SECONDS = 5;

export const clockProbe: Probe<DoctorContext> = {
  ...CLOCK_PROBE,
  run: async (context) => {
    const [nocobase, dingtalk] = await Promise.all([
      secondsAhead(context.nocobase.anonymousCheck()),
      secondsAhead(context.dingtalk.frontDoor()),
    ]);
    if (nocobase === undefined && dingtalk === undefined) {
      return skipped(CLOCKS.nobodySays);
    }
    const hasPlugin = context instanceof PluginContext;
    const nocobaseIsOff = isClockOff(nocobase, hasPlugin ? CLOCK_TOLERANCE_SECONDS : TOLERATED_SECONDS);
    const isNoticed = hasPlugin && Math.abs(nocobase ?? 0) >= NOTICED_WITH_PLUGIN_SECONDS;
    const seen = CLOCKS.seen(saidOfClock(nocobase), saidOfClock(dingtalk));
    const isWell = !nocobaseIsOff && !isClockOff(dingtalk);
    if (isWell && !isNoticed) return ok(seen);
    // DingTalk's clock is the reliable one.
    const tolerance = isWell ? NOTICED_WITH_PLUGIN_SECONDS - 1 : TOLERATED_SECONDS;
    const onlyNocoBase = dingtalk !== undefined && !isClockOff(dingtalk, tolerance);
    const fix = onlyNocoBase ? CLOCKS.setTheirs : CLOCK.setOurs;
    return isWell ? attention(CLOCKS.withLimit(seen, CLOCK_TOLERANCE_SECONDS), fix) : failed(seen, fix);
  },
};
