import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { type NonEmptyString, nonEmptyString } from './non-empty-string.js';

/** Where a phone number without a country code belongs: an ISO 3166 country code, such as `CN`. */
export type Region = CountryCode;

declare const e164: unique symbol;

/** A phone number as E.164, such as `+8613800000000`. */
export type PhoneNumber = NonEmptyString & { readonly [e164]: true };

/** @returns undefined unless `value` is an E.164 number of a possible length */
export function phoneNumber(value: string): PhoneNumber | undefined {
  const parsed = parsePhoneNumberFromString(value);
  return parsed?.isPossible() && parsed.number === value ? (value as NonEmptyString as PhoneNumber) : undefined;
}

/** A directory is asked for so many spellings at most. */
export const MAX_SPELLINGS = 40;

/**
 * The ways in which people store a number in `users.phone`: `+8613800000000`, `86-13800000000`, `+86 138 0000 0000`,
 * `0086-13800000000`, `(+86)13800000000`, and, at home, without the country code: `13800000000`, `138-0000-0000`, in
 * Britain `7911123456` and `07911 123456`.
 *
 * A way that reads as somebody else's number at home is left out: the US number +1 415 555 0123 without its plus sign
 * is the Chinese mobile number 141 5555 0123.
 */
export function storedFormats(phone: PhoneNumber, home: Region): readonly [NonEmptyString, ...NonEmptyString[]] {
  const clear = new Set(digitFormats(phone, home));
  const others = spellings(phone, home).filter(
    (text) => text !== phone && (/[+\uff0b]/.test(text) || isClear(text, phone, clear)),
  );
  return [phone, ...others.map(nonEmptyString)];
}

/**
 * Whose number a stored text is: what people put between the digits means nothing, a digit more is another number.
 *
 * @returns undefined where the text is none, or may be either of two
 */
export function numberIn(text: string, home: Region): PhoneNumber | undefined {
  // NFKC makes full-width digits and signs plain ones, and every kind of blank a blank.
  const plain = text.length > 64 ? '' : text.normalize('NFKC').replace(DASHES, '-').trim();
  const digits = plain.replace(/[ ().-]/g, '');
  if (!/^[ ().+\d-]+$/.test(plain) || !/^\+?\d+$/.test(digits)) return undefined;
  if (digits.startsWith('+')) return phoneNumber(digits);
  return (
    withSeparateCode(plain) ??
    only(
      [`+${digits.replace(/^00/, '')}`, `+${getCountryCallingCode(home)}${digits}`, dialled(digits, home)]
        .map((candidate) => (candidate === undefined ? undefined : phoneNumber(candidate)))
        .filter((phone) => phone !== undefined)
        .filter((phone) => digitFormats(phone, home).includes(digits))
        // What could be a number and is nobody's makes no other one unclear.
        .filter((phone, _index, all) => !all.some(isSomebodys) || isSomebodys(phone)),
    )
  );
}

/** Whether a sign-in finds a number that is stored like this. */
export function canBeFound(text: string, home: Region): boolean {
  const phone = numberIn(text, home);
  return phone !== undefined && isSomebodys(phone) && spellings(phone, home).includes(text);
}

/** How a new user's number is stored: as people dial it at home, else, or where that might be misread, as E.164. */
export function formatToStore(phone: PhoneNumber, home: Region): NonEmptyString {
  const { countryCallingCode } = parsePhoneNumberFromString(phone)!;
  if (!isAtHome(countryCallingCode, home)) return phone;
  const asDialled = homeFormats(phone).at(-1);
  const reads = asDialled !== undefined && digitFormats(phone, home).includes(asDialled);
  return reads && numberIn(asDialled, home) === phone ? nonEmptyString(asDialled) : phone;
}

/** China hands out mobile numbers faster than the library learns of them; each has eleven digits. */
function isSomebodys(phone: PhoneNumber): boolean {
  if (/^\+861[3-9]/.test(phone)) return /^\+86\d{11}$/.test(phone);
  return parsePhoneNumberFromString(phone)?.isValid() === true;
}

/** Hyphens, dashes and the minus sign. */
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Every spelling that may be looked up, likely ones first; what reads as another number is among them. */
function spellings(phone: PhoneNumber, home: Region): readonly string[] {
  const parsed = parsePhoneNumberFromString(phone)!;
  const { countryCallingCode: code, nationalNumber: bare } = parsed;
  // As the country writes its numbers: 138 0000 0000.
  const spaced = parsed.formatInternational().replace(`+${code}`, '').trim();
  const dashed = spaced.replaceAll(' ', '-');
  const isHome = isAtHome(code, home);
  const atHome = isHome ? [...new Set([bare, ...homeFormats(phone), spaced, dashed])] : [];
  const national = isHome ? parsed.formatNational() : '';
  const after = (prefix: string): string[] => [
    `${prefix}${bare}`,
    `${prefix} ${bare}`,
    `${prefix}-${bare}`,
    `${prefix} ${spaced}`,
    `${prefix}-${dashed}`,
    `${prefix} ${dashed}`,
  ];
  const padded = [phone, ...(isHome ? [bare] : [])].flatMap((text) => [` ${text}`, `${text} `]);
  const wide = [phone, ...(isHome ? [bare] : [])].map(fullWidth);
  return [
    ...new Set([
      ...after(`+${code}`),
      ...atHome,
      ...padded,
      ...after(code),
      ...after(`00${code}`),
      ...after(`(+${code})`),
      ...wide,
      ...(isHome ? [national, national.replaceAll(' ', '-')] : []),
      `+${code}${spaced}`,
      `+${code}${dashed}`,
      `(${code})${bare}`,
    ]),
  ]
    .filter((text) => text !== '')
    .slice(0, MAX_SPELLINGS);
}

/** @param clear digits that nobody at home takes for another number */
function isClear(text: string, phone: PhoneNumber, clear: ReadonlySet<string>): boolean {
  const separate = withSeparateCode(text);
  return separate === undefined ? clear.has(text.normalize('NFKC').replace(/\D/g, '')) : separate === phone;
}

/** Digits alone that mean this number: with the country code, after 00, and at home as they are dialled there. */
function digitFormats(phone: PhoneNumber, home: Region): readonly string[] {
  const { countryCallingCode: code, nationalNumber } = parsePhoneNumberFromString(phone)!;
  const all = [
    `${code}${nationalNumber}`,
    `00${code}${nationalNumber}`,
    ...(isAtHome(code, home) ? homeFormats(phone) : []),
  ];
  return all.filter((digits) => readAtHome(digits, home).every((owner) => owner === phone));
}

/** As DingTalk writes it, `86-13800000000`: the dash says where the country code ends. */
function withSeparateCode(text: string): PhoneNumber | undefined {
  const [, code, bare] = /^(\d{1,3})-(\d+)$/.exec(text) ?? [];
  const phone = code === undefined ? undefined : phoneNumber(`+${code}${bare}`);
  return phone !== undefined && parsePhoneNumberFromString(phone)?.countryCallingCode === code ? phone : undefined;
}

function dialled(digits: string, home: Region): string | undefined {
  return parsePhoneNumberFromString(digits, home)?.number;
}

function only(phones: readonly PhoneNumber[]): PhoneNumber | undefined {
  const [phone, another] = new Set(phones);
  return another === undefined ? phone : undefined;
}

/** As a Chinese input method types digits. */
function fullWidth(text: string): string {
  return text.replace(/[+\d]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
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
