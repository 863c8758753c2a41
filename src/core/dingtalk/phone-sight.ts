import type { ExternalIdentity } from '../accounts/index.js';
import { mobileNumber } from './mobile-number.js';

/** A permission that was there a day ago is believed to be there. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/**
 * Tells "the permission is missing for everybody" from "this person has no number": dedicated accounts, hidden numbers,
 * accounts made by e-mail. DingTalk's answer looks the same, but for what it said of others.
 */
export class PhoneSight {
  /** When a number arrived by this permission. */
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
    // Without the permission neither of the two is there.
    const isGranted = (stateCode ?? '').trim() !== '' || this.wasSeen(permission);
    return { phone, phonePermission: isHidden && isGranted ? withoutNumber(permission) : permission };
  }

  private wasSeen(permission: string): boolean {
    const at = this.seen.get(permission);
    return at !== undefined && Date.now() - at < RECENT_MS;
  }
}

/** What stands where else the permission does: there is nothing to grant. */
export function withoutNumber(permission: string): string {
  return `DingTalk: no mobile number of this person (${permission} is granted)`;
}
