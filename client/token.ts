import { isRecord, parseJson } from '../src/core/browser/index.js';

/** What a signed token says (RFC 7519: base64url of JSON in UTF-8), unverified; nothing where it is none. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (byte) => byte.charCodeAt(0));
    const claims = parseJson(new TextDecoder().decode(bytes));
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}
