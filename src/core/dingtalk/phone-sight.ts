import type { ExternalIdentity } from '../accounts/index.js';
import { mobileNumber } from './mobile-number.js';

/** A permission that worked within the last day is assumed to be granted. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/**
 * Distinguishes "the permission is missing for all" from "this person has no number": dedicated accounts, hidden
 * numbers, accounts created by e-mail. DingTalk's response is the same in both cases; only its responses for other
 * people tell.
 */
export class PhoneSight {
  /** When this permission last returned a number. */
  private readonly seen = new Map<string, number>();

  of(
    mobile: string | null | undefined,
    stateCode: string | null | undefined,
    permission: string,
  ): Pick<ExternalIdentity, 'phone' | 'phonePermission'> {
    const phone = mobileNumber(mobile, stateCode);
    if (phone !== undefined) {
      this.seen.set(permission, Date.now());
      return { phone, phonePermission: permission };
    }
    const isHidden = (mobile ?? '').trim() === '';
    // Without the permission both fields are missing.
    const isGranted = (stateCode ?? '').trim() !== '' || this.wasSeen(permission);
    return { phone, phonePermission: isHidden && isGranted ? withoutNumber(permission) : permission };
  }

  private wasSeen(permission: string): boolean {
    const at = this.seen.get(permission);
    return at !== undefined && Date.now() - at < RECENT_MS;
  }
}

/** Replaces the permission's name if there is nothing to grant. */
export function withoutNumber(permission: string): string {
  return `DingTalk: no mobile number of this person (${permission} is granted)`;
}
