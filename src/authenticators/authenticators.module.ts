import { type DynamicModule, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Authenticators } from '../dingtalk/index.js';
import { PluginClient, Signer } from '../plugin-client/index.js';
import { RefusedCodes } from '../web/index.js';
import { OneTimeStore, RedisConnection } from '../shared-store/index.js';
import { Telemetry } from '../telemetry/index.js';
import { AuthenticatorRegistry } from './authenticator-registry.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import { AuthenticatorsRefresh } from './authenticators-refresh.js';
import { AuthenticatorsReload } from './authenticators-reload.js';
import type { AuthenticatorsSource } from './authenticators-source.js';
import { SessionWatch } from './session-watch.js';
import type { SharedByAuthenticators } from './sign-in.module.js';

interface AuthenticatorsOptions extends Omit<SharedByAuthenticators, 'lent'> {
  /** Those that are known before the process starts. */
  readonly settings: readonly AuthenticatorSettings[];
  readonly source: AuthenticatorsSource;
}

/** What keeps them up to date. */
const UP_TO_DATE = Symbol('UP_TO_DATE');

/** All ways to sign in of one gateway, kept up to date. */
@Module({})
export class AuthenticatorsModule {
  /** @param imports provide OneTimeStore, RedisConnection, RefusedCodes, Signer and PluginClient: one for all of them */
  static forRoot(options: AuthenticatorsOptions, imports: DynamicModule[]): DynamicModule {
    return {
      module: AuthenticatorsModule,
      imports,
      providers: [
        {
          provide: AuthenticatorRegistry,
          inject: [OneTimeStore, RedisConnection, RefusedCodes, Signer, Telemetry],
          useFactory: async (
            used: OneTimeStore,
            redis: RedisConnection,
            refusedCodes: RefusedCodes,
            signer: Signer,
            telemetry: Telemetry,
          ) =>
            AuthenticatorRegistry.create(
              options.settings,
              { ...options, lent: lent(used, redis, refusedCodes, signer, telemetry) },
              telemetry,
            ),
        },
        {
          provide: UP_TO_DATE,
          inject: [AuthenticatorRegistry, PluginClient, HttpAdapterHost],
          useFactory: (registry: AuthenticatorRegistry, plugin: PluginClient, host: HttpAdapterHost) =>
            options.source.kind === 'nocobase'
              ? new AuthenticatorsRefresh(registry, plugin, options.source, host)
              : new AuthenticatorsReload(registry, options.source),
        },
        {
          provide: SessionWatch,
          inject: [AuthenticatorRegistry],
          useFactory: (registry: AuthenticatorRegistry) => new SessionWatch(registry),
        },
        { provide: Authenticators, useExisting: AuthenticatorRegistry },
      ],
      exports: [Authenticators, AuthenticatorRegistry, SessionWatch],
    };
  }
}

@Module({})
class LentModule {}

/** What the application has one of, given to the contexts of the authenticators, which do not end it. */
function lent(
  used: OneTimeStore,
  redis: RedisConnection,
  refusedCodes: RefusedCodes,
  signer: Signer,
  telemetry: Telemetry,
): DynamicModule {
  return {
    module: LentModule,
    global: true,
    providers: [
      { provide: OneTimeStore, useValue: used },
      { provide: RedisConnection, useValue: redis },
      { provide: RefusedCodes, useValue: refusedCodes },
      { provide: Signer, useValue: signer },
      { provide: Telemetry, useValue: telemetry },
    ],
    exports: [OneTimeStore, RedisConnection, RefusedCodes, Signer, Telemetry],
  };
}
