import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { authConfig, type AuthSettings } from './auth/index.js';
import {
  authenticatorsConfig,
  AuthenticatorsModule,
  type ConfiguredAuthenticators,
  SignInPageController,
} from './authenticators/index.js';
import { appConfig, type AppOptions } from './config/index.js';
import { Authenticators, DingTalkSignInModule } from './dingtalk/index.js';
import { DoctorModule } from './doctor/index.js';
import { HealthModule } from './health/index.js';
import { loadedNamespaces } from './namespaces.js';
import { LeaversModule } from './leavers/index.js';
import { OpenApiModule } from './openapi/index.js';
import { PluginClientModule, SigningModule } from './plugin-client/index.js';
import { pluginDownloadConfig, PluginDownloadModule, type PluginDownloadSettings } from './plugin-download/index.js';
import type { Settings } from './settings.js';
import { sharedStoreConfig, SharedStoreModule, type SharedStoreOptions } from './shared-store/index.js';
import { telemetryConfig, TelemetryModule, type TelemetrySettings } from './telemetry/index.js';
import {
  GatewayErrorFilter,
  PagesModule,
  type PagesOptions,
  rateLimitConfig,
  RateLimitModule,
  type RateLimits,
} from './web/index.js';

/** Composition root: the only file that names every module. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    const store = SharedStoreModule.forRootAsync({
      inject: [sharedStoreConfig.KEY],
      useFactory: (options: SharedStoreOptions) => options,
    });
    const signing = SigningModule.forRootAsync({
      inject: [authConfig.KEY],
      useFactory: ({ cookieSecrets }: AuthSettings) => ({ secrets: cookieSecrets }),
    });
    const plugin = PluginClientModule.forRootAsync({
      imports: [signing],
      inject: [appConfig.KEY],
      useFactory: ({ publicUrl }: AppOptions) => ({ publicUrl }),
    });
    const limits = RateLimitModule.forRootAsync({
      imports: [store],
      inject: [rateLimitConfig.KEY, authConfig.KEY],
      useFactory: (limits: RateLimits, { cookieSecrets: [secret] }: AuthSettings) => ({ ...limits, secret }),
    });
    const authenticators = AuthenticatorsModule.forRootAsync({
      imports: [store, limits, signing, plugin],
      inject: [appConfig.KEY, authConfig.KEY, authenticatorsConfig.KEY],
      useFactory: ({ publicUrl }: AppOptions, auth: AuthSettings, configured: ConfiguredAuthenticators) => ({
        publicUrl,
        ...auth,
        ...configured,
      }),
    });
    const pages = PagesModule.forRootAsync({
      imports: [authenticators],
      inject: [appConfig.KEY, authenticatorsConfig.KEY, Authenticators],
      useFactory: pagesOptions,
    });
    const leavers = LeaversModule.forRootAsync({
      imports: [authenticators, plugin, store, limits, pages],
      inject: [appConfig.KEY, authConfig.KEY, authenticatorsConfig.KEY],
      useFactory: ({ publicUrl }: AppOptions, { stateFolder }: AuthSettings, { source }: ConfiguredAuthenticators) => ({
        publicUrl,
        stateFolder,
        source,
      }),
    });
    const telemetry = TelemetryModule.forRootAsync({
      metrics: settings.telemetry.metrics,
      inject: [telemetryConfig.KEY, authenticatorsConfig.KEY],
      useFactory: ({ traces }: TelemetrySettings, { authenticators }: ConfiguredAuthenticators) => ({
        traces,
        authenticators: authenticators.map(({ name }) => name),
      }),
    });
    const openApi = OpenApiModule.forRootAsync({
      imports: [pages],
      inject: [appConfig.KEY],
      useFactory: ({ publicUrl }: AppOptions) => ({ publicUrl }),
    });
    const pluginDownload = PluginDownloadModule.forRootAsync({
      imports: [pages, limits],
      inject: [appConfig.KEY, pluginDownloadConfig.KEY],
      useFactory: ({ publicUrl }: AppOptions, { enabled }: PluginDownloadSettings) => ({ publicUrl, enabled }),
    });
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          ignoreEnvFile: true,
          skipProcessEnv: true,
          load: loadedNamespaces(settings),
        }),
        DingTalkSignInModule.forAuthenticators({ imports: [authenticators, pages, limits] }),
        DoctorModule.forRoot({ imports: [authenticators, plugin, pages], settings }),
        HealthModule.forRoot({ imports: [authenticators, store, pages] }),
        telemetry,
        ...(settings.openApi.enabled ? [openApi] : []),
        authenticators,
        leavers,
        limits,
        pages,
        pluginDownload,
        signing,
      ],
      controllers: [SignInPageController],
      providers: [{ provide: APP_FILTER, useExisting: GatewayErrorFilter }],
    };
  }
}

/** A reload may change or remove the default authenticator. */
function pagesOptions(
  { publicUrl }: AppOptions,
  { source }: ConfiguredAuthenticators,
  authenticators: Authenticators,
): PagesOptions {
  const withoutAny = source.kind === 'nocobase' ? source.passwordUrl : publicUrl;
  return {
    publicUrl,
    get passwordUrl() {
      return authenticators.default?.options.passwordUrl ?? withoutAny;
    },
  };
}
