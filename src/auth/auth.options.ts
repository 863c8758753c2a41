import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import type { AccountPolicy } from './account-policy.js';
import type { FieldRule } from './field-rule.js';

export interface AuthOptions {
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
  readonly policy: AccountPolicy;
  /** Which fields of a NocoBase user come from the provider, and whether later sign-ins change them. None by default. */
  readonly fields?: readonly FieldRule[];
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
