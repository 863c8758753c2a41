import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { AuthenticatorsModule, SignInPageController } from './authenticators/index.js';
import { Authenticators, DingTalkModule } from './dingtalk/index.js';
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
  static forRoot(settings: Settings): DynamicModule {
    const { publicUrl } = settings.app;
    const { cookieSecrets } = settings.auth;
    const store = SharedStoreModule.forRoot({ redis: settings.redis });
    const signing = SigningModule.forRoot({ secrets: cookieSecrets });
    const plugin = PluginClientModule.forRoot({ imports: [signing], publicUrl });
    const limits = RateLimitModule.forRoot({ imports: [store], ...settings.rateLimits, secret: cookieSecrets[0] });
    const authenticators = AuthenticatorsModule.forRoot({
      imports: [store, limits, signing, plugin],
      publicUrl,
      ...settings.auth,
      authenticators: settings.authenticators,
      source: settings.source,
    });
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
        DingTalkModule.withAuthenticators([authenticators, pages, limits]),
        DoctorModule.forRoot({ imports: [authenticators, plugin, pages], settings }),
        HealthModule.forRoot({ imports: [authenticators, store, pages] }),
        TelemetryModule.forRoot({
          ...settings.telemetry,
          authenticators: settings.authenticators.map(({ name }) => name),
        }),
        ...(settings.openApi.enabled ? [OpenApiModule.forRoot({ imports: [pages], publicUrl })] : []),
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
