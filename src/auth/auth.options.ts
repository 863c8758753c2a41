import { ConfigurableModuleBuilder, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import type { AccountRules } from '../core/accounts/index.js';
import type { ReturnPathRules } from '../core/return-path/index.js';
import type { NocoBaseTarget } from '../nocobase-client/index.js';

/** How a transaction is kept in a browser. */
export interface TransactionOptions {
  /** Our address as browsers see it; `https` decides about the cookie's `__Host-` prefix. */
  readonly publicUrl: string;
  /** The first seals, all open. Each at least 32 characters. */
  readonly cookieSecrets: readonly [string, ...string[]];
  /** How long a person may take at the provider. */
  readonly transactionTtlSeconds: number;
}

export interface AuthOptions extends AccountRules, TransactionOptions {
  /** Where people land who asked for no page, or for one that is none. */
  readonly defaultPath: string;
  /** Where browsers find NocoBase: a return path that leads back into the gateway is refused. */
  readonly nocobasePublicUrl: string;
  /** What else says which pages people may be sent to; for `main` and the hand-off by query where it is left out. */
  readonly returnPathRules?: Omit<ReturnPathRules, 'nocobasePublicUrl' | 'gatewayPublicUrl' | 'defaultPath'>;
}

/** For a NocoBase with the companion plugin. */
export interface TicketAuthOptions extends AuthOptions {
  readonly nocobase: NocoBaseTarget;
}

/** The modules that provide what stands behind the sign-in, and OneTimeStore. */
type Imports = Pick<ModuleMetadata, 'imports'>;

const withImports = (definition: DynamicModule, { imports }: Imports): DynamicModule => ({
  ...definition,
  imports: [...(definition.imports ?? []), ...(imports ?? [])],
});

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } =
  new ConfigurableModuleBuilder<AuthOptions>({ moduleName: 'Auth' })
    .setClassMethodName('forRoot')
    .setExtras<Imports>({ imports: [] }, withImports)
    .build();

export const { ConfigurableModuleClass: ConfigurableTicketModuleClass } =
  new ConfigurableModuleBuilder<TicketAuthOptions>({ optionsInjectionToken: AUTH_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras<Imports>({ imports: [] }, withImports)
    .build();
