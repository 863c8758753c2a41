import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';
import { MIN_SECRET_LENGTH } from '../auth/index.js';
import { defaultsOf, dingtalk, nocobase } from '../core/settings/index.js';
import { SharedStoreModule } from '../shared-store/index.js';
import type { DingTalkOptions } from './dingtalk.options.js';

/** What an application says of itself that signs people in with DingTalk on routes of its own. */
export interface DingTalkModuleOptions extends Partial<
  Omit<
    DingTalkOptions,
    'publicUrl' | 'authenticator' | 'callbackUrl' | 'title' | 'logo' | 'scanScriptUrl' | 'passwordUrl'
  >
> {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The address of your route that DingTalk sends people back to; register it in the developer console. */
  readonly callbackUrl: string;
  /** At least 32 random characters, the same at all replicas: seals what a browser keeps of a sign-in that runs. */
  readonly cookieSecret: string;
  /** Organizations whose members may sign in. Left out: everybody who has a DingTalk account. */
  readonly corpIds?: readonly string[];
  /** How long a person may take at DingTalk. */
  readonly transactionTtlSeconds?: number;
  /** Requests a minute and client address that start or finish a sign-in. */
  readonly requestsPerMinute?: number;
}

/** @param store for several replicas: a SharedStoreModule with a Redis. Left out, used states are kept in this process */
interface Extras {
  readonly store?: DynamicModule;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DINGTALK_MODULE_OPTIONS } =
  new ConfigurableModuleBuilder<DingTalkModuleOptions>({ moduleName: 'DingTalk' })
    .setClassMethodName('forRoot')
    .setExtras<Extras>({}, (definition, { store = SharedStoreModule.forRoot({}) }) => ({
      ...definition,
      imports: [...(definition.imports ?? []), store],
    }))
    .build();

/** With the defaults of the gateway. @throws TypeError */
export function applicationOptions(options: DingTalkModuleOptions): DingTalkOptions {
  if (options.cookieSecret.length < MIN_SECRET_LENGTH) {
    throw new TypeError(`cookieSecret must be at least ${MIN_SECRET_LENGTH} characters long`);
  }
  const { identity, corpId: corpIds, loginUrl, apiUrl, oapiUrl, timeoutMs } = defaultsOf(dingtalk);
  const { authenticator } = defaultsOf(nocobase);
  return {
    identity,
    corpIds,
    loginUrl,
    apiUrl,
    oapiUrl,
    timeoutMs,
    ...options,
    publicUrl: new URL(options.callbackUrl).origin,
    authenticator,
  };
}
