import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { AuthModule, type AuthOptions } from './auth/index.js';
import { DingTalkModule, type DingTalkOptions } from './dingtalk/index.js';
import { HealthModule } from './health/health.module.js';
import { NocoBaseClientModule } from './nocobase-client/index.js';
import { SharedStoreModule } from './shared-store/index.js';
import { GatewayErrorFilter, PagesModule, type PagesOptions } from './pages/index.js';
import { RateLimitModule } from './rate-limit/index.js';
import type { Settings } from './settings.js';
import { SignInPageController } from './sign-in-page.controller.js';

/** Composition root: the only file that names every module. */
@Module({})
export class AppModule {
  static register(settings: Settings): DynamicModule {
    const fromSettings = <T>(select: (settings: ConfigService<Settings, true>) => T) => ({
      inject: [ConfigService],
      useFactory: select,
    });
    const store = SharedStoreModule.forRoot(settings.auth.redisUrl);
    const nocobase = NocoBaseClientModule.forRootAsync(fromSettings((config) => config.get('nocobase')));
    const pages = PagesModule.forRootAsync(fromSettings(pagesOptions));
    const auth = AuthModule.forRootAsync({ imports: [nocobase, store], ...fromSettings(authOptions) });
    const limits = RateLimitModule.forRoot({ ...settings.rateLimits, secret: settings.auth.cookieSecrets[0] }, [store]);
    return {
      module: AppModule,
      imports: [
        // Read and checked before Nest starts (main.ts): a wrong variable ends the process with one line.
        ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, skipProcessEnv: true, load: [() => settings] }),
        DingTalkModule.forRootAsync({ imports: [auth, pages, limits, store], ...fromSettings(dingTalkOptions) }),
        HealthModule.register([nocobase, store, pages]),
        auth,
        pages,
      ],
      controllers: [SignInPageController],
      providers: [{ provide: APP_FILTER, useExisting: GatewayErrorFilter }],
    };
  }
}

type Config = ConfigService<Settings, true>;

function pagesOptions(config: Config): PagesOptions {
  const { publicUrl } = config.get('app', { infer: true });
  const { publicUrl: nocobase, app } = config.get('nocobase', { infer: true });
  return { publicUrl, passwordUrl: `${nocobase}${app === 'main' ? '' : `/apps/${app}`}/signin` };
}

function authOptions(config: Config): AuthOptions {
  const { cookieSecrets, transactionTtlSeconds } = config.get('auth', { infer: true });
  const { corpIds, autoSignUp, defaultRoles, fields } = config.get('dingtalk', { infer: true });
  const { defaultPath, protectedRoles } = config.get('accounts', { infer: true });
  return {
    publicUrl: config.get('app', { infer: true }).publicUrl,
    cookieSecrets,
    transactionTtlSeconds,
    defaultPath,
    nocobasePublicUrl: config.get('nocobase', { infer: true }).publicUrl,
    policy: { allowedOrganizations: corpIds, protectedRoles, autoSignUp, defaultRoles },
    fields,
  };
}

function dingTalkOptions(config: Config): DingTalkOptions {
  const { publicUrl } = config.get('app', { infer: true });
  const { authenticator } = config.get('nocobase', { infer: true });
  return { ...config.get('dingtalk', { infer: true }), publicUrl, authenticator };
}
