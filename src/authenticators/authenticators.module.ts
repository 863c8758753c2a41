import { type DynamicModule, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Authenticators } from '../dingtalk/index.js';
import { PluginClient } from '../plugin-client/index.js';
import { Telemetry } from '../telemetry/index.js';
import { AuthenticatorRegistry } from './authenticator-registry.js';
import {
  AUTHENTICATORS_OPTIONS,
  type AuthenticatorsOptions,
  ConfigurableModuleClass,
} from './authenticators.options.js';
import { FileWatcher } from './file-watcher.js';
import { LENT_MODULE, lentModule } from './lent.module.js';
import { NocoBasePoller } from './nocobase-poller.js';
import { SessionWatch } from './session-watch.js';

/** What keeps the authenticators up to date. */
const UP_TO_DATE = Symbol('UP_TO_DATE');

/**
 * All authenticators of one gateway, kept up to date. `imports` provide OneTimeStore, RedisConnection, RefusedCodes,
 * Signer and PluginClient: one for all of them.
 */
@Module({
  providers: [
    lentModule,
    {
      provide: AuthenticatorRegistry,
      inject: [AUTHENTICATORS_OPTIONS, LENT_MODULE, Telemetry],
      useFactory: async (options: AuthenticatorsOptions, lent: DynamicModule, telemetry: Telemetry) =>
        AuthenticatorRegistry.create(options.authenticators, { ...options, lent }, telemetry),
    },
    {
      provide: UP_TO_DATE,
      inject: [AUTHENTICATORS_OPTIONS, AuthenticatorRegistry, PluginClient, HttpAdapterHost],
      useFactory: (
        { source }: AuthenticatorsOptions,
        registry: AuthenticatorRegistry,
        plugin: PluginClient,
        host: HttpAdapterHost,
      ) =>
        source.kind === 'nocobase'
          ? new NocoBasePoller(registry, plugin, source, host)
          : new FileWatcher(registry, source),
    },
    {
      provide: SessionWatch,
      inject: [AuthenticatorRegistry],
      useFactory: (registry: AuthenticatorRegistry) => new SessionWatch(registry),
    },
    { provide: Authenticators, useExisting: AuthenticatorRegistry },
  ],
  exports: [Authenticators, AuthenticatorRegistry, SessionWatch],
})
export class AuthenticatorsModule extends ConfigurableModuleClass {}
