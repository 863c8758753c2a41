import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { AuthenticatorsModule, SignInPageController } from './authenticators/index.js';
import { Authenticators, DingTalkSignInModule } from './dingtalk/index.js';
import { DoctorModule } from './doctor/index.js';
import { HealthModule } from './health/index.js';
import { OpenApiModule } from './openapi/index.js';
import { GatewayErrorFilter, PagesModule, type PagesOptions, RateLimitModule } from './web/index.js';
import { PluginClientModule, SigningModule } from './plugin-client/index.js';
import type { Settings } from './settings.js';
import { SharedStoreModule } from './shared-store/index.js';
import { TelemetryModule } from './telemetry/index.js';

/** Composition root: the only file that names every module. */
@Module({})
export class AppModule {
  static register(settings: Settings): DynamicModule {
    const { publicUrl } = settings.app;
    const { cookieSecrets, transactionTtlSeconds } = settings.auth;
    const store = SharedStoreModule.forRoot(settings.redis);
    const signing = SigningModule.forRoot(cookieSecrets);
    const plugin = PluginClientModule.forRoot(publicUrl, signing);
    const limits = RateLimitModule.forRoot({ ...settings.rateLimits, secret: cookieSecrets[0] }, [store]);
    const authenticators = AuthenticatorsModule.forRoot(
      { publicUrl, cookieSecrets, transactionTtlSeconds, settings: settings.authenticators, source: settings.source },
      [store, limits, signing, plugin],
    );
    const pages = PagesModule.forRootAsync({
      imports: [authenticators],
      inject: [Authenticators],
      useFactory: (ways: Authenticators) => pagesOptions(settings, ways),
    });
    return {
      module: AppModule,
      imports: [
        // Read and checked before Nest starts (cli/start.command.ts): a wrong variable ends the process with one line.
        ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, skipProcessEnv: true, load: [() => settings] }),
        DingTalkSignInModule.withAuthenticators([authenticators, pages, limits]),
        DoctorModule.register(settings, [authenticators, plugin, pages]),
        HealthModule.register([authenticators, store, pages]),
        TelemetryModule.forRoot({
          ...settings.telemetry,
          authenticators: settings.authenticators.map(({ name }) => name),
        }),
        ...(settings.openApi.enabled ? [OpenApiModule.register(settings.app.publicUrl, [pages])] : []),
        authenticators,
        limits,
        pages,
        signing,
      ],
      controllers: [SignInPageController],
      providers: [{ provide: APP_FILTER, useExisting: GatewayErrorFilter }],
    };
  }
}

/** The default way in may be another one after a reload, or none. */
function pagesOptions({ app: { publicUrl }, source }: Settings, ways: Authenticators): PagesOptions {
  const withoutAny = source.kind === 'nocobase' ? source.passwordUrl : publicUrl;
  return {
    publicUrl,
    get passwordUrl() {
      return ways.default?.options.passwordUrl ?? withoutAny;
    },
  };
}
