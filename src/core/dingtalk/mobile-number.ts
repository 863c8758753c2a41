import { parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * DingTalk's `mobile` and `stateCode` in E.164. A masked number (`155****3240`, as third-party applications get it) or
 * one without its country code counts as missing, because its owner is unknown.
 */
export function mobileNumber(
  mobile: string | null | undefined,
  stateCode: string | null | undefined,
): string | undefined {
  const country = stateCode?.trim().replace(/^\+/, '') ?? '';
  const national = withoutCode(mobile?.trim() ?? '', country).replace(/[\s-]/g, '');
  if (!/^\d{4,15}$/.test(national) || !/^\d{1,4}$/.test(country)) return undefined;
  // A Chinese mobile number has eleven digits; the library also accepts the seven of a local call as possible.
  if (country === '86' && !/^1\d{10}$/.test(national)) return undefined;
  const parsed = parsePhoneNumberFromString(`+${country}${national}`);
  // "8" and "613…" must not become "+86 13…".
  return parsed?.isPossible() && parsed.countryCallingCode === country ? parsed.number : undefined;
}

/** DingTalk writes numbers from outside China as `852-91234567`, and repeats the code in `stateCode`. */
function withoutCode(mobile: string, country: string): string {
  const [, code, rest] = /^\+?(\d{1,4})-(.+)$/.exec(mobile) ?? [];
  return rest !== undefined && code === country ? rest : mobile;
}
