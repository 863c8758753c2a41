import { isClockOff, saidOfClock, secondsAhead } from '../clock.js';
import type { DingTalkContext } from '../dingtalk-context.js';
import { failed, ok, type Probe, skipped } from '../probe.js';
import { CLOCK } from '../texts/clock.js';

export const CLOCK_PROBE = { id: 'clock', title: CLOCK.title } as const;

/** Of a host without others: DingTalk's clock is the one that is surely right. */
export const clockProbe: Probe<DingTalkContext> = {
  ...CLOCK_PROBE,
  run: async ({ dingtalk }) => {
    const ahead = await secondsAhead(dingtalk.frontDoor());
    if (ahead === undefined) return skipped(CLOCK.dingtalkSaysNothing);
    const seen = CLOCK.ofDingTalk(saidOfClock(ahead));
    return isClockOff(ahead) ? failed(seen, CLOCK.setOurs) : ok(seen);
  },
};
