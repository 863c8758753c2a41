import { createHash } from 'node:crypto';
import { stringifySetCookie } from 'cookie';

/** Maximum number of concurrent sign-ins in one browser; the oldest is dropped when another starts. */
const MAX_RUNNING = 4;
const BASE_NAME = 'sign-in-';

/**
 * One cookie for each running sign-in, so that several tabs finish independently. Its name is derived from the state,
 * so that a callback reads the one cookie that belongs to it.
 *
 * On https the name has the `__Host-` prefix: browsers then accept it only from this very host, over https, for `/`
 * (https://www.rfc-editor.org/rfc/rfc6265bis section 4.1.3). SameSite is Lax because the provider's redirect is a
 * cross-site navigation.
 *
 * Only our own cookies are parsed: anyone can send thousands of others, and parsing those takes half a millisecond.
 * Only a semicolon starts a cookie (RFC 6265 section 4.2.1): text after a space may come from the value of a cookie
 * that a neighbour under the same domain has set, with `__Host-` in it.
 */
export class TransactionCookies {
  private readonly prefix: string;
  /** Matches their names. */
  private readonly ours: RegExp;

  constructor(private readonly secure: boolean) {
    this.prefix = secure ? `__Host-${BASE_NAME}` : BASE_NAME;
    this.ours = new RegExp(`(?<=^|; ?)${this.prefix}[\\w-]{16}(?==)`, 'g');
  }

  /** The sealed transaction that the browser holds for this state. */
  read(cookieHeader: string | undefined, state: string): string | undefined {
    const pair = new RegExp(`(?:^|; ?)${this.name(state)}=([\\w.-]*)`);
    return pair.exec(cookieHeader ?? '')?.[1];
  }

  /** `Set-Cookie` values: the new transaction, and the removal of those beyond the limit. */
  set(cookieHeader: string | undefined, state: string, sealed: string, maxAgeSeconds: number): string[] {
    // Browsers send cookies with the same path in the order of their creation (RFC 6265 section 5.4).
    const running = [...new Set((cookieHeader ?? '').match(this.ours))];
    const surplus = running.slice(0, Math.max(0, running.length - MAX_RUNNING + 1));
    return [
      this.serialize(this.name(state), sealed, maxAgeSeconds),
      ...surplus.map((name) => this.serialize(name, '', 0)),
    ];
  }

  clear(state: string): string {
    return this.serialize(this.name(state), '', 0);
  }

  private name(state: string): string {
    return this.prefix + createHash('sha256').update(state).digest('base64url').slice(0, 16);
  }

  private serialize(name: string, value: string, maxAge: number): string {
    return stringifySetCookie({ name, value, maxAge, path: '/', httpOnly: true, secure: this.secure, sameSite: 'lax' });
  }
}
