import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { type NonEmptyString, nonEmptyString } from './non-empty-string.js';

/** Where a phone number without a country code belongs: an ISO 3166 country code, such as `CN`. */
export type Region = CountryCode;

export const DEFAULT_REGION: Region = 'CN';

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
 * `+86-13800000000`, and, at home, without the country code: `13800000000`, in Britain `7911123456` and `07911123456`.
 *
 * A way that reads as somebody else's number at home is left out: the US number +1 415 555 0123 without its plus sign
 * is the Chinese mobile number 141 5555 0123.
 */
export function storedFormats(phone: PhoneNumber, home: Region): readonly [NonEmptyString, ...NonEmptyString[]] {
  const { countryCallingCode: country, nationalNumber } = parsePhoneNumberFromString(phone)!;
  const digitsOnly = [`${country}${nationalNumber}`, ...(isAtHome(country, home) ? homeFormats(phone) : [])];
  return [
    phone,
    nonEmptyString(`+${country}-${nationalNumber}`),
    nonEmptyString(`${country}-${nationalNumber}`),
    ...[...new Set(digitsOnly)]
      .filter((digits) => readAtHome(digits, home).every((owner) => owner === phone))
      .map(nonEmptyString),
  ];
}

/** How a new user's number is stored: as people dial it at home, else, or where that might be misread, as E.164. */
export function formatToStore(phone: PhoneNumber, home: Region): NonEmptyString {
  const { countryCallingCode } = parsePhoneNumberFromString(phone)!;
  if (!isAtHome(countryCallingCode, home)) return phone;
  const dialled = homeFormats(phone).at(-1);
  return storedFormats(phone, home).find((format) => format === dialled) ?? phone;
}

/** Countries that share a calling code share their numbers: a Canadian number is as good as a US one without its +1. */
function isAtHome(callingCode: string, home: Region): boolean {
  return callingCode === getCountryCallingCode(home);
}

/** Without the country code: the bare number, then as it is dialled, which in many countries starts with another 0. */
function homeFormats(phone: PhoneNumber): readonly string[] {
  const parsed = parsePhoneNumberFromString(phone)!;
  return [parsed.nationalNumber, parsed.formatNational().replace(/\D/g, '')];
}

/** The numbers that somebody at home means who writes these digits: with the country code left out, or as dialled. */
function readAtHome(digits: string, home: Region): readonly string[] {
  return [
    parsePhoneNumberFromString(`+${getCountryCallingCode(home)}${digits}`),
    parsePhoneNumberFromString(digits, home),
  ]
    .filter((parsed) => parsed !== undefined)
    .filter((parsed) => parsed.isValid())
    .map(({ number }) => number);
}
