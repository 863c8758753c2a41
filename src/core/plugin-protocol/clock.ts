/**
 * Tolerated clock difference between gateway and NocoBase, in either direction, when checking each other's signatures.
 * NTP is often missing on a company's machines; RFC 7519 (sections 4.1.4 and 4.1.5) suggests a few minutes at most.
 */
export const CLOCK_TOLERANCE_SECONDS = 60;
