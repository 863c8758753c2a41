/** This many may be locked in an hour, however few are bound. */
export const BRAKE_FLOOR = 10;
/** If more than this share of the bound people would be locked within an hour, the rest wait for an administrator. */
export const BRAKE_SHARE = 0.05;
/** More than this share is a mistake, whatever DingTalk says. */
export const REFUSED_SHARE = 0.5;
/** The period that the brake considers, in ms. */
export const BRAKE_WINDOW_MS = 3_600_000;

/** At one authenticator. */
export interface BrakeCounts {
  /** Number of bound people. */
  readonly bound: number;
  /** Number locked by us within `BRAKE_WINDOW_MS`, from any source, before this person. */
  readonly lockedLately: number;
  /**
   * Others held by the brake. While there are any, no one is locked until an administrator continues; otherwise the
   * next hour would let ten more through.
   */
  readonly waiting: number;
  /**
   * The brake already holds this person: they stay held until an administrator continues, even if nobody else is held and
   * the window has passed. A person whom DingTalk shows again is no longer held.
   */
  readonly isHeld?: boolean;
  /** An administrator approved this person: only the limit of one half applies. */
  readonly isApproved?: boolean;
}

export type Brake = 'go' | 'pause' | 'refuse';

/**
 * Whether one more person may be locked. Each of them has evidence of their own; still, so many at once more likely
 * mean a moved organization, a reassigned application, or a bug in our code.
 *
 * The floor also applies to the half: of three bound people, two may leave on one day.
 *
 * Whoever gets `pause` or `refuse` is held by the book (`isHeldBy`), so that the limits of the next hour do not apply to them.
 */
export function brake({ bound, lockedLately, waiting, isHeld = false, isApproved = false }: BrakeCounts): Brake {
  const withThis = lockedLately + waiting + 1;
  if (withThis > Math.max(BRAKE_FLOOR, bound * REFUSED_SHARE)) return 'refuse';
  if (isApproved) return 'go';
  return isHeld || waiting > 0 || withThis > Math.max(BRAKE_FLOOR, bound * BRAKE_SHARE) ? 'pause' : 'go';
}
