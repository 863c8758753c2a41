import { type DynamicModule, Module } from '@nestjs/common';
import { Authenticators } from '../dingtalk/index.js';
import { OneTimeStore, RedisConnection } from '../shared-store/index.js';
import { Signer } from '../signing/index.js';
import { Telemetry } from '../telemetry/index.js';
import type { ConfiguredAuthenticators } from './authenticator-settings.js';
import { AuthenticatorRegistry } from './authenticator-registry.js';
import { AuthenticatorsReload, type ReloadOptions } from './authenticators-reload.js';
import type { SharedByAuthenticators } from './sign-in.module.js';

interface AuthenticatorsOptions extends Omit<SharedByAuthenticators, 'lent'> {
  readonly settings: ConfiguredAuthenticators;
  readonly reload: ReloadOptions;
}

/** All ways to sign in of one gateway, kept up to date. */
@Module({})
export class AuthenticatorsModule {
  /** @param imports provide OneTimeStore, RedisConnection and Signer: one for all of them */
  static forRoot(options: AuthenticatorsOptions, imports: DynamicModule[]): DynamicModule {
    return {
      module: AuthenticatorsModule,
      imports,
      providers: [
        {
          provide: AuthenticatorRegistry,
          inject: [OneTimeStore, RedisConnection, Signer, Telemetry],
          useFactory: async (used: OneTimeStore, redis: RedisConnection, signer: Signer, telemetry: Telemetry) =>
            AuthenticatorRegistry.create(options.settings, { ...options, lent: lent(used, redis, signer, telemetry) }),
        },
        {
          provide: AuthenticatorsReload,
          inject: [AuthenticatorRegistry],
          useFactory: (registry: AuthenticatorRegistry) => new AuthenticatorsReload(registry, options.reload),
        },
        { provide: Authenticators, useExisting: AuthenticatorRegistry },
      ],
      exports: [Authenticators],
    };
  }
}

@Module({})
class LentModule {}

/** What the application has one of, given to the contexts of the authenticators, which do not end it. */
function lent(used: OneTimeStore, redis: RedisConnection, signer: Signer, telemetry: Telemetry): DynamicModule {
  return {
    module: LentModule,
    global: true,
    providers: [
      { provide: OneTimeStore, useValue: used },
      { provide: RedisConnection, useValue: redis },
      { provide: Signer, useValue: signer },
      { provide: Telemetry, useValue: telemetry },
    ],
    exports: [OneTimeStore, RedisConnection, Signer, Telemetry],
  };
}
