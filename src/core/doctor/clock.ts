import type { Text } from '../texts/index.js';
import type { Exchange } from './http-exchange.js';
import { CLOCK } from './texts/clock.js';

/** Tokens and cookies contain times; NocoBase refuses a token that is older than a password change. */
export const TOLERATED_SECONDS = 30;

/** How far the other clock is ahead of ours, in ms, to within a second; undefined if the response has no date. */
export function clockAhead({ headers, receivedAt }: Exchange): number | undefined {
  const theirs = Date.parse(headers.date ?? '');
  return Number.isNaN(theirs) ? undefined : theirs - receivedAt;
}

/** The same in seconds; also undefined without a response, which another probe reports. */
export async function secondsAhead(asked: Promise<Exchange>): Promise<number | undefined> {
  try {
    const ahead = clockAhead(await asked);
    return ahead === undefined ? undefined : Math.round(ahead / 1000);
  } catch {
    return undefined;
  }
}

export function isClockOff(seconds: number | undefined, tolerance = TOLERATED_SECONDS): boolean {
  return Math.abs(seconds ?? 0) > tolerance;
}

/** Wording that follows the name of the clock's owner. */
export function saidOfClock(seconds: number | undefined): Text {
  if (seconds === undefined) return CLOCK.saysNothing;
  if (Math.abs(seconds) <= 1) return CLOCK.agrees;
  const amount = duration(Math.abs(seconds));
  return seconds > 0 ? CLOCK.isAhead(amount) : CLOCK.isBehind(amount);
}

/** In the largest unit that fits at least twice: a clock that was never set is off by years. */
function duration(seconds: number): Text {
  if (seconds < 2 * 60) return CLOCK.seconds(seconds);
  if (seconds < 2 * 3600) return CLOCK.minutes(Math.round(seconds / 60));
  if (seconds < 2 * 86_400) return CLOCK.hours(Math.round(seconds / 3600));
  return CLOCK.days(Math.round(seconds / 86_400));
}
