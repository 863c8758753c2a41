import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';
import { MIN_SECRET_LENGTH } from '../auth/index.js';
import { defaultsOf, dingtalk, isLoopback } from '../core/settings/index.js';
import { SharedStoreModule } from '../shared-store/index.js';
import type { DingTalkOptions } from './dingtalk.options.js';

/** The options of an application that signs people in with DingTalk on its own routes. */
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
  /**
   * At least 32 random characters, the same at all replicas: seals the transactions of running sign-ins in browsers.
   */
  readonly cookieSecret: string;
  /** Organizations whose members may sign in. Default: everyone with a DingTalk account. */
  readonly corpIds?: readonly string[];
  /** Time limit for a person at DingTalk. */
  readonly transactionTtlSeconds?: number;
  /** Requests that start or finish a sign-in, per minute and client address. */
  readonly requestsPerMinute?: number;
}

/**
 * @param store for several replicas: a SharedStoreModule with a Redis. Default: used states are kept in this process
 */
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

/** With the gateway's defaults and rules. @throws TypeError */
export function applicationOptions(options: DingTalkModuleOptions): DingTalkOptions {
  const { identity, corpId: corpIds, loginUrl, apiUrl, oapiUrl, timeoutMs } = defaultsOf(dingtalk);
  const read = {
    identity,
    corpIds,
    loginUrl,
    apiUrl,
    oapiUrl,
    timeoutMs,
    ...options,
    publicUrl: new URL(options.callbackUrl).origin,
    // A transaction is valid only for the application it was started for, even if several share a cookie secret.
    authenticator: options.clientId,
  } satisfies DingTalkOptions;
  refuse(
    options.cookieSecret.length < MIN_SECRET_LENGTH,
    `cookieSecret must be at least ${MIN_SECRET_LENGTH} characters long`,
  );
  for (const name of ['callbackUrl', 'loginUrl', 'apiUrl', 'oapiUrl'] as const) {
    refuse(!isSafe(read[name]), `${name} must start with https:// (http:// only on localhost or a loopback address)`);
  }
  // A variable that is unset or empty must not disable a restriction.
  const areNamed = Array.isArray(read.corpIds) && read.corpIds.every((corpId) => corpId !== '');
  refuse(!areNamed, 'corpIds must be a list of CorpIds, or left out');
  return read;
}

function isSafe(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function refuse(isWrong: boolean, said: string): void {
  if (isWrong) throw new TypeError(said);
}
