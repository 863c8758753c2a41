/**
 * How far the clocks of gateway and NocoBase may differ, either way, before what one signs is refused by the other. On two
 * machines of a company NTP is often missing; RFC 7519 (sections 4.1.4 and 4.1.5) speaks of a few minutes at most.
 */
export const CLOCK_TOLERANCE_SECONDS = 60;
