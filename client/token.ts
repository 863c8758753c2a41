import { isRecord, parseJson } from '../src/core/browser/index.js';

/** The claims of a signed token (RFC 7519: base64url of JSON in UTF-8), unverified; empty if it is not one. */
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
