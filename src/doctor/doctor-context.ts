import type { AuthenticatorSettings } from '../authenticators/index.js';
import type { NocoBaseClientOptions } from '../nocobase-client/index.js';
import type { PluginClient } from '../plugin-client/index.js';
import type { Settings } from '../settings.js';
import { DingTalkCalls } from './dingtalk-calls.js';
import { exchange } from './http-exchange.js';
import { once } from './once.js';
import { NocoBaseCalls } from './nocobase-calls.js';

/** One authenticator under examination: its settings, and what was asked already. */
export class DoctorContext<Authenticator extends AuthenticatorSettings = AuthenticatorSettings> {
  readonly dingtalk: DingTalkCalls;
  readonly nocobase: NocoBaseCalls;
  readonly dingtalkFrontDoor = once(async () => {
    const { apiUrl, timeoutMs, proxyUrl } = this.authenticator.dingtalk;
    return exchange(apiUrl, { timeoutMs, proxyUrl });
  });

  constructor(
    readonly settings: Settings,
    readonly authenticator: Authenticator,
  ) {
    this.dingtalk = new DingTalkCalls(authenticator.dingtalk);
    this.nocobase = new NocoBaseCalls(authenticator.nocobase);
  }

  get publicUrl(): string {
    return this.settings.app.publicUrl;
  }
}

/** At a NocoBase without the companion plugin. */
export type StockAuthenticator = AuthenticatorSettings & { readonly nocobase: NocoBaseClientOptions };
export type StockContext = DoctorContext<StockAuthenticator>;

/** At a NocoBase with it. */
export class PluginContext extends DoctorContext {
  /** @throws PluginError */
  readonly pluginSettings = once(async () => this.plugin.settings(this.authenticator.nocobase, true));

  constructor(
    settings: Settings,
    authenticator: AuthenticatorSettings,
    readonly plugin: PluginClient,
  ) {
    super(settings, authenticator);
  }
}

export function isStock(authenticator: AuthenticatorSettings): authenticator is StockAuthenticator {
  return authenticator.nocobase.handOff !== 'ticket';
}
