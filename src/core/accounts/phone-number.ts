import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { type NonEmptyString, nonEmptyString } from './non-empty-string.js';

/** The home of a phone number without a country code: an ISO 3166 country code, such as `CN`. */
export type Region = CountryCode;

declare const e164: unique symbol;

/** A phone number as E.164, such as `+8613800000000`. */
export type PhoneNumber = NonEmptyString & { readonly [e164]: true };

/** @returns undefined unless `value` is an E.164 number of a possible length */
export function phoneNumber(value: string): PhoneNumber | undefined {
  const parsed = parsePhoneNumberFromString(value);
  return parsed?.isPossible() && parsed.number === value ? (value as NonEmptyString as PhoneNumber) : undefined;
}

/** Limit of spellings in one lookup. */
export const MAX_SPELLINGS = 40;

/**
 * The formats in which people store a number in `users.phone`: `+8613800000000`, `86-13800000000`, `+86 138 0000 0000`,
 * `0086-13800000000`, `(+86)13800000000`, and, in the home region, without the country code: `13800000000`,
 * `138-0000-0000`, in Britain `7911123456` and `07911 123456`.
 *
 * A format that reads as another number in the home region is left out: the US number +1 415 555 0123 without its plus
 * sign is the Chinese mobile number 141 5555 0123.
 */
export function storedFormats(phone: PhoneNumber, home: Region): readonly [NonEmptyString, ...NonEmptyString[]] {
  const clear = new Set(digitFormats(phone, home));
  const others = spellings(phone, home).filter(
    (text) => text !== phone && (/[+\uff0b]/.test(text) || isClear(text, phone, clear)),
  );
  return [phone, ...others.map(nonEmptyString)];
}

/**
 * The number that a stored text means. Separators between the digits are ignored; an additional digit makes it another
 * number.
 *
 * @returns undefined if the text is no number, or ambiguous
 */
export function numberIn(text: string, home: Region): PhoneNumber | undefined {
  // NFKC turns full-width digits and signs into plain ones, and every kind of space into a space.
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
        // A possible number that is not assigned does not make another reading ambiguous.
        .filter((phone, _index, all) => !all.some(isSomebodys) || isSomebodys(phone)),
    )
  );
}

/** Whether a sign-in finds a number that is stored in this format. */
export function canBeFound(text: string, home: Region): boolean {
  const phone = numberIn(text, home);
  return phone !== undefined && isSomebodys(phone) && spellings(phone, home).includes(text);
}

/** How a new user's number is stored: as people dial it at home or, if that could be misread, in E.164. */
export function formatToStore(phone: PhoneNumber, home: Region): NonEmptyString {
  const { countryCallingCode } = parsePhoneNumberFromString(phone)!;
  if (!isAtHome(countryCallingCode, home)) return phone;
  const asDialled = homeFormats(phone).at(-1);
  const reads = asDialled !== undefined && digitFormats(phone, home).includes(asDialled);
  return reads && numberIn(asDialled, home) === phone ? nonEmptyString(asDialled) : phone;
}

/** China assigns mobile numbers faster than the library learns of them; each has eleven digits. */
function isSomebodys(phone: PhoneNumber): boolean {
  if (/^\+861[3-9]/.test(phone)) return /^\+86\d{11}$/.test(phone);
  return parsePhoneNumberFromString(phone)?.isValid() === true;
}

/** Hyphens, dashes and the minus sign. */
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Every spelling to look up, the most likely first; still includes those that read as another number. */
function spellings(phone: PhoneNumber, home: Region): readonly string[] {
  const parsed = parsePhoneNumberFromString(phone)!;
  const { countryCallingCode: code, nationalNumber: bare } = parsed;
  // With the country's own grouping: 138 0000 0000.
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

/** @param clear digits that are unambiguous in the home region */
function isClear(text: string, phone: PhoneNumber, clear: ReadonlySet<string>): boolean {
  const separate = withSeparateCode(text);
  return separate === undefined ? clear.has(text.normalize('NFKC').replace(/\D/g, '')) : separate === phone;
}

/** Digits alone that mean this number: with the country code, after 00, and in the home region as dialled there. */
function digitFormats(phone: PhoneNumber, home: Region): readonly string[] {
  const { countryCallingCode: code, nationalNumber } = parsePhoneNumberFromString(phone)!;
  const all = [
    `${code}${nationalNumber}`,
    `00${code}${nationalNumber}`,
    ...(isAtHome(code, home) ? homeFormats(phone) : []),
  ];
  return all.filter((digits) => readAtHome(digits, home).every((owner) => owner === phone));
}

/** DingTalk's format, `86-13800000000`: the dash separates the country code. */
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

/** The digits that a Chinese input method types. */
function fullWidth(text: string): string {
  return text.replace(/[+\d]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

/** Countries with the same calling code share one numbering plan: a Canadian number needs no +1 in the US either. */
function isAtHome(callingCode: string, home: Region): boolean {
  return callingCode === getCountryCallingCode(home);
}

/** Without the country code: the bare number, then as dialled, which in many countries adds a leading 0. */
function homeFormats(phone: PhoneNumber): readonly string[] {
  const parsed = parsePhoneNumberFromString(phone)!;
  return [parsed.nationalNumber, parsed.formatNational().replace(/\D/g, '')];
}

/** The numbers that these digits can mean in the home region: without a country code, or as dialled. */
function readAtHome(digits: string, home: Region): readonly string[] {
  return [
    parsePhoneNumberFromString(`+${getCountryCallingCode(home)}${digits}`),
    parsePhoneNumberFromString(digits, home),
  ]
    .filter((parsed) => parsed !== undefined)
    .filter((parsed) => parsed.isValid())
    .map(({ number }) => number);
}
