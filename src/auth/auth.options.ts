import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import type { AccountRules } from '../accounts/index.js';

export interface AuthOptions extends AccountRules {
  /** The gateway's address as browsers see it; `https` decides about the cookie's `__Host-` prefix. */
  readonly publicUrl: string;
  /** The first seals, all open. Each at least 32 characters. */
  readonly cookieSecrets: readonly [string, ...string[]];
  /** How long a person may take at the provider. */
  readonly transactionTtlSeconds: number;
  /** Where people land who asked for no page, or for one that is none. */
  readonly defaultPath: string;
  /** Where browsers find NocoBase: a return path that leads back into the gateway is refused. */
  readonly nocobasePublicUrl: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } =
  new ConfigurableModuleBuilder<AuthOptions>({ moduleName: 'Auth' })
    .setClassMethodName('forRoot')
    // The modules that provide UserDirectory, SessionIssuer, SessionHandOff and OneTimeStore.
    .setExtras<Pick<ModuleMetadata, 'imports'>>({ imports: [] }, (definition, { imports }) => ({
      ...definition,
      imports: [...(definition.imports ?? []), ...(imports ?? [])],
    }))
    .build();
