import type { AuthenticatorSettings } from '../authenticators/index.js';
import type { NocoBaseClientOptions } from '../nocobase-client/index.js';
import type { Settings } from '../settings.js';
import { DingTalkCalls } from './dingtalk-calls.js';
import { exchange } from './http-exchange.js';
import { once } from './once.js';
import { NocoBaseCalls } from './nocobase-calls.js';

/** An authenticator at a NocoBase without the companion plugin. */
export type StockAuthenticator = AuthenticatorSettings & { readonly nocobase: NocoBaseClientOptions };

/** One authenticator under examination: its settings, and what was asked already. */
export class Patient {
  readonly dingtalk: DingTalkCalls;
  readonly nocobase: NocoBaseCalls;
  readonly dingtalkFrontDoor = once(async () => {
    const { apiUrl, timeoutMs } = this.authenticator.dingtalk;
    return exchange(apiUrl, { timeoutMs });
  });

  constructor(
    readonly settings: Settings,
    readonly authenticator: StockAuthenticator,
  ) {
    this.dingtalk = new DingTalkCalls(authenticator.dingtalk);
    this.nocobase = new NocoBaseCalls(authenticator.nocobase);
  }

  get publicUrl(): string {
    return this.settings.app.publicUrl;
  }
}
