import type { Clock } from './clock.js';
import type { Ids } from './ids.js';

/** Documented for JSAPI codes (open.dingtalk.com/document/development/jsapi-request-auth-code); assumed for browser codes. */
const LIFETIME_MS = 5 * 60_000;

/** What an authorization code from the consent page is for. */
export interface BrowserGrant {
  clientId: string;
  personId: string;
  corpId?: string;
}

/** What a code from `dd.requestAuthCode` is for. */
export interface InAppGrant {
  corpId: string;
  personId: string;
}

/** One-time codes. Browser codes and in-app codes are separate, because DingTalk accepts neither in place of the other. */
export class CodePool<Grant> {
  readonly #issued = new Map<string, { grant: Grant; expiresAt: number }>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  issue(grant: Grant): string {
    const code = this.ids.token('code');
    this.#issued.set(code, { grant, expiresAt: this.clock.now() + LIFETIME_MS });
    return code;
  }

  /** Uses up the code and returns its grant. Both happen in one synchronous step, so only one of two parallel exchanges succeeds. */
  redeem(code: string, belongs: (grant: Grant) => boolean): Grant | undefined {
    const entry = this.#issued.get(code);
    if (entry === undefined || !belongs(entry.grant)) return undefined;
    this.#issued.delete(code);
    return entry.expiresAt > this.clock.now() ? entry.grant : undefined;
  }

  clear(): void {
    this.#issued.clear();
  }
}
