import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { type NonEmptyString, nonEmptyString } from './non-empty-string.js';

/** Where a phone number without a country code belongs. */
export const DEFAULT_REGION: CountryCode = 'CN';

declare const e164: unique symbol;

/** A phone number as E.164, such as `+8613800000000`. */
export type PhoneNumber = NonEmptyString & { readonly [e164]: true };

/** @returns undefined unless `value` is an E.164 number of a possible length */
export function phoneNumber(value: string): PhoneNumber | undefined {
  const parsed = parsePhoneNumberFromString(value);
  return parsed?.isPossible() && parsed.number === value ? (value as NonEmptyString as PhoneNumber) : undefined;
}

/**
 * The ways in which people store a number in `users.phone`: `+8613800000000`, `8613800000000`, `86-13800000000`,
 * `+86-13800000000`, and `13800000000` where it belongs to the default region.
 *
 * A way that reads as somebody else's number in the default region is left out: the US number +1 415 555 0123 without
 * its plus sign is the Chinese mobile number 141 5555 0123.
 */
export function storedFormats(phone: PhoneNumber): readonly [NonEmptyString, ...NonEmptyString[]] {
  const { countryCallingCode: country, nationalNumber, country: region } = parsePhoneNumberFromString(phone)!;
  const isHome = belongsToDefaultRegion(country, region);
  const withoutPlus = `${country}${nationalNumber}`;
  return [
    phone,
    nonEmptyString(`+${country}-${nationalNumber}`),
    nonEmptyString(`${country}-${nationalNumber}`),
    ...(isHome || !readsAsHomeNumber(withoutPlus) ? [nonEmptyString(withoutPlus)] : []),
    ...(isHome ? [nonEmptyString(nationalNumber)] : []),
  ];
}

/** Whether somebody in the default region could have such a number: eleven digits with a leading 1 are a mobile. */
function readsAsHomeNumber(digits: string): boolean {
  return /^1\d{10}$/.test(digits) || parsePhoneNumberFromString(digits, DEFAULT_REGION)?.isValid() === true;
}

/** How a new user's number is stored: as people type it in the default region, else as E.164. */
export function formatToStore(phone: PhoneNumber): NonEmptyString {
  const { countryCallingCode, nationalNumber, country } = parsePhoneNumberFromString(phone)!;
  return belongsToDefaultRegion(countryCallingCode, country) ? nonEmptyString(nationalNumber) : phone;
}

function belongsToDefaultRegion(callingCode: string, region: CountryCode | undefined): boolean {
  return region === DEFAULT_REGION || (region === undefined && callingCode === '86');
}
