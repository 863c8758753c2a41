import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, TicketAuthModule } from '../auth/index.js';
import { DingTalkAuthenticatorModule, type DingTalkSettings } from '../dingtalk/index.js';
import { NocoBaseClientModule } from '../nocobase-client/index.js';
import { appInPath } from '../core/nocobase-web/index.js';
import { PluginClientModule } from '../plugin-client/index.js';
import { type AuthenticatorSettings, passwordUrl } from './authenticator-settings.js';
import type { Siblings } from './siblings.js';

/** What all authenticators share. */
export interface SharedByAuthenticators {
  readonly publicUrl: string;
  readonly cookieSecrets: readonly [string, ...string[]];
  readonly transactionTtlSeconds: number;
  /** Global: OneTimeStore, RedisConnection, RefusedCodes, Signer and Telemetry. */
  readonly lent: DynamicModule;
}

export interface SignInModuleOptions extends SharedByAuthenticators {
  readonly settings: AuthenticatorSettings;
  readonly siblings: Siblings;
}

/** One authenticator, assembled: provider, policy, directory. */
@Module({})
export class SignInModule {
  static forRoot({ settings, siblings, ...shared }: SignInModuleOptions): DynamicModule {
    const { name, title, logo, dingtalk, nocobase, accounts } = settings;
    const { publicUrl, cookieSecrets, transactionTtlSeconds, lent } = shared;
    const options = {
      publicUrl,
      cookieSecrets,
      transactionTtlSeconds,
      defaultPath: accounts.defaultPath,
      nocobasePublicUrl: nocobase.publicUrl,
      returnPathRules: {
        app: appInPath(nocobase),
        handOff: nocobase.handOff,
        morePaths: accounts.returnPaths,
        apiBasePath: nocobase.apiBasePath,
        modernPrefix: nocobase.modernPrefix,
      },
      policy: {
        allowedOrganizations: dingtalk.corpIds,
        match: accounts.match,
        severalBindings: accounts.severalBindings,
        protectedRoles: accounts.protectedRoles,
        autoSignUp: dingtalk.autoSignUp,
        signUpWithoutPhone: dingtalk.signUpWithoutPhone,
        defaultRoles: dingtalk.defaultRoles,
      },
      fields: dingtalk.fields,
    };
    const auth =
      nocobase.handOff === 'ticket'
        ? TicketAuthModule.forRoot({
            ...options,
            imports: [PluginClientModule.forRoot({ imports: [lent], publicUrl })],
            nocobase,
          })
        : AuthModule.forRoot({
            ...options,
            imports: [
              NocoBaseClientModule.forRoot({
                ...nocobase,
                organizationOf: (other) => siblings.organizationOf(other, nocobase),
              }),
            ],
          });
    const provider = DingTalkAuthenticatorModule.forRoot({
      imports: [auth],
      ...(nocobase.handOff === 'ticket' ? withoutScanWidget(dingtalk) : dingtalk),
      publicUrl,
      authenticator: name,
      passwordUrl: passwordUrl(settings),
      wantsDepartments: dingtalk.fields.some(({ from }) => from === 'departments'),
      ...(title === undefined ? {} : { title }),
      ...(logo === undefined ? {} : { logo }),
    });
    return { module: SignInModule, imports: [lent, provider] };
  }
}

/** The code to scan is a sign-in that starts on our page, which NocoBase's plugin does not know. */
function withoutScanWidget(dingtalk: DingTalkSettings): DingTalkSettings {
  const { scanScriptUrl: _, ...settings } = dingtalk;
  return settings;
}
