import type { Text } from '../texts/index.js';
import type { Exchange } from './http-exchange.js';
import { CLOCK } from './texts/clock.js';

/** Tokens and cookies carry times; NocoBase refuses a token that is older than a password change. */
export const TOLERATED_SECONDS = 30;

/** How far the other's clock is ahead of ours, in ms, give or take a second; undefined where it does not say. */
export function clockAhead({ headers, receivedAt }: Exchange): number | undefined {
  const theirs = Date.parse(headers.date ?? '');
  return Number.isNaN(theirs) ? undefined : theirs - receivedAt;
}

/** The same in seconds; undefined also where nobody answers, which is another probe's question. */
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

/** In words that follow the name of whose clock it is. */
export function saidOfClock(seconds: number | undefined): Text {
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
