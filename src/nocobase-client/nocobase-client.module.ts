import { Module } from '@nestjs/common';
import { UserDirectory } from '../core/accounts/index.js';
import { UpstreamModule } from '../upstream/index.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { ConfigurableModuleClass } from './nocobase-client.options.js';
import { NocoBaseSessionIssuer } from './nocobase-session-issuer.js';
import { NocoBaseUserDirectory } from './nocobase-user-directory.js';
import { RoleCatalogue } from './role-catalogue.js';
import { SessionHandOff } from './session-hand-off.js';
import { SessionIssuer } from './session-issuer.js';
import { TokenPolicy } from './token-policy.js';

/** NocoBase's users, bindings and sessions, behind two ports. Use `forRoot` or `forRootAsync`. */
@Module({
  imports: [UpstreamModule],
  providers: [
    NocoBaseApiClient,
    TokenPolicy,
    RoleCatalogue,
    SessionHandOff,
    { provide: UserDirectory, useClass: NocoBaseUserDirectory },
    { provide: SessionIssuer, useClass: NocoBaseSessionIssuer },
  ],
  exports: [UserDirectory, SessionIssuer, SessionHandOff],
})
export class NocoBaseClientModule extends ConfigurableModuleClass {}
