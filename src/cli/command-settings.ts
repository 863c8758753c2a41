import type { Environment } from '../config/index.js';
import type { DingTalkSettings } from '../dingtalk/index.js';
import type { NocoBaseClientOptions } from '../nocobase-client/index.js';
import { type AccountSettings, readSettings, type Settings } from '../settings.js';

/** One DingTalk application together with the NocoBase it signs people in to. */
export interface AuthenticatorSettings {
  readonly name: string;
  readonly dingtalk: DingTalkSettings;
  readonly nocobase: NocoBaseClientOptions;
  readonly accounts: AccountSettings;
}

export interface CommandSettings {
  /** As the gateway itself is started with. */
  readonly gateway: Settings;
  /** The first is the default. */
  readonly authenticators: readonly [AuthenticatorSettings, ...AuthenticatorSettings[]];
}

/** The only place where the commands look at the shape of `Settings`. @throws InvalidEnvironmentError */
export function readCommandSettings(environment: Environment): CommandSettings {
  const gateway = readSettings(environment);
  const { dingtalk, nocobase, accounts } = gateway;
  return { gateway, authenticators: [{ name: nocobase.authenticator, dingtalk, nocobase, accounts }] };
}
