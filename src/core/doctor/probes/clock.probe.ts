import { isClockOff, saidOfClock, secondsAhead } from '../clock.js';
import type { DingTalkContext } from '../dingtalk-context.js';
import { failed, ok, type Probe, skipped } from '../probe.js';
import { CLOCK } from '../texts/clock.js';

export const CLOCK_PROBE = { id: 'clock', title: CLOCK.title } as const;

/** For a host without other clocks: DingTalk's is the reliable one. */
export const clockProbe: Probe<DingTalkContext> = {
  ...CLOCK_PROBE,
  run: async ({ dingtalk }) => {
    const ahead = await secondsAhead(dingtalk.frontDoor());
    if (ahead === undefined) return skipped(CLOCK.dingtalkSaysNothing);
    const seen = CLOCK.ofDingTalk(saidOfClock(ahead));
    return isClockOff(ahead) ? failed(seen, CLOCK.setOurs) : ok(seen);
  },
};
