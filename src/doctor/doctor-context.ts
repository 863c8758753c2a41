import { DingTalkCalls, type DingTalkContext, once } from '../core/doctor/index.js';
import { redirectUri } from '../dingtalk/index.js';
import type { AuthenticatorSettings } from '../authenticators/index.js';
import type { NocoBaseClientOptions } from '../nocobase-client/index.js';
import type { PluginClient } from '../plugin-client/index.js';
import type { Settings } from '../settings.js';
import { NocoBaseCalls } from './nocobase-calls.js';

/** One authenticator being checked: its settings, and results shared by its probes. */
export class DoctorContext<
  Authenticator extends AuthenticatorSettings = AuthenticatorSettings,
> implements DingTalkContext {
  readonly application: DingTalkContext['application'];
  readonly watch: NonNullable<DingTalkContext['watch']>;
  readonly dingtalk: DingTalkCalls;
  readonly nocobase: NocoBaseCalls;

  constructor(
    readonly settings: Settings,
    readonly authenticator: Authenticator,
  ) {
    const { name, dingtalk } = authenticator;
    this.application = { ...dingtalk, callbackUrl: redirectUri({ publicUrl: this.publicUrl, authenticator: name }) };
    const { leavers: mode, events } = dingtalk;
    this.watch = { mode, events, eventsUrl: `${this.publicUrl}/auth/dingtalk/${name}/events` };
    this.dingtalk = new DingTalkCalls(dingtalk);
    this.nocobase = new NocoBaseCalls(authenticator.nocobase);
  }

  get publicUrl(): string {
    return this.settings.app.publicUrl;
  }

  get environmentProxy(): boolean {
    return this.settings.environmentProxy;
  }
}

/** For a NocoBase without the companion plugin. */
export type StockAuthenticator = AuthenticatorSettings & { readonly nocobase: NocoBaseClientOptions };
export type StockContext = DoctorContext<StockAuthenticator>;

/** For a NocoBase with it. */
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
