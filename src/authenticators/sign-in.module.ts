import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { DingTalkAuthenticatorModule } from '../dingtalk/index.js';
import { NocoBaseClientModule } from '../nocobase-client/index.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';

/** What all ways to sign in have in common. */
export interface SharedByAuthenticators {
  readonly publicUrl: string;
  readonly cookieSecrets: readonly [string, ...string[]];
  readonly transactionTtlSeconds: number;
  /** Global: OneTimeStore, RedisConnection, Signer and Telemetry. */
  readonly lent: DynamicModule;
}

/** One way to sign in, put together: provider, policy, directory. */
@Module({})
export class SignInModule {
  static register(settings: AuthenticatorSettings, shared: SharedByAuthenticators): DynamicModule {
    const { name, title, logo, dingtalk, nocobase, accounts } = settings;
    const { publicUrl, cookieSecrets, transactionTtlSeconds, lent } = shared;
    const auth = AuthModule.forRoot({
      imports: [NocoBaseClientModule.forRoot(nocobase)],
      publicUrl,
      cookieSecrets,
      transactionTtlSeconds,
      defaultPath: accounts.defaultPath,
      nocobasePublicUrl: nocobase.publicUrl,
      policy: {
        allowedOrganizations: dingtalk.corpIds,
        protectedRoles: accounts.protectedRoles,
        autoSignUp: dingtalk.autoSignUp,
        defaultRoles: dingtalk.defaultRoles,
      },
      fields: dingtalk.fields,
    });
    const provider = DingTalkAuthenticatorModule.forRoot({
      imports: [auth],
      ...dingtalk,
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

/** NocoBase's own sign-in page, of the sub-app where it is one. */
function passwordUrl({ nocobase: { publicUrl, app }, accounts: { passwordPath } }: AuthenticatorSettings): string {
  return `${publicUrl}${app === 'main' ? '' : `/apps/${app}`}${passwordPath}`;
}
