/** However few are bound, so many may be locked in an hour. */
export const BRAKE_FLOOR = 10;
/** More than this share of the bound people, within an hour, waits for an administrator. */
export const BRAKE_SHARE = 0.05;
/** More than this share is an error of somebody's, whatever DingTalk says. */
export const REFUSED_SHARE = 0.5;
/** What the brake looks back at, in ms. */
export const BRAKE_WINDOW_MS = 3_600_000;

/** At one authenticator. */
export interface BrakeCounts {
  /** All who are bound. */
  readonly bound: number;
  /** Whom we locked within `BRAKE_WINDOW_MS`, by whatever source, before this person. */
  readonly lockedLately: number;
  /** Others whom the brake holds: until an administrator goes on, nobody is locked, or the next hour would let ten more through. */
  readonly waiting: number;
  /** An administrator lets this person go on: nothing but the half is looked at. */
  readonly isApproved?: boolean;
}

export type Brake = 'go' | 'pause' | 'refuse';

/**
 * Whether one more may be locked. Each of them has evidence of their own; that many at once are still more likely an organization
 * that was moved, an application that was given to another one, or a mistake of ours.
 *
 * The floor holds for the half, too: where three are bound, two may leave on one day.
 */
export function brake({ bound, lockedLately, waiting, isApproved = false }: BrakeCounts): Brake {
  const withThis = lockedLately + waiting + 1;
  if (withThis > Math.max(BRAKE_FLOOR, bound * REFUSED_SHARE)) return 'refuse';
  if (isApproved) return 'go';
  return waiting > 0 || withThis > Math.max(BRAKE_FLOOR, bound * BRAKE_SHARE) ? 'pause' : 'go';
}
