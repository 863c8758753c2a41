import { Module } from '@nestjs/common';
import { ConfigurableModuleClass, ConfigurableTicketModuleClass } from './auth.options.js';
import { ReturnPaths } from './return-paths.js';
import { SessionSignIn } from './session-sign-in.js';
import { SignInAudit } from './sign-in-audit.js';
import { SignInService } from './sign-in.service.js';
import { SignInTransactionService } from './sign-in-transaction.service.js';
import { TicketSignIn } from './ticket-sign-in.js';

/**
 * People and sessions; knows no provider. `forRoot` and `forRootAsync` take, in addition to the options, the modules
 * that provide NocoBase's ports and the one-time store as `imports`.
 */
@Module({
  providers: [{ provide: SignInService, useClass: SessionSignIn }, SignInTransactionService, SignInAudit, ReturnPaths],
  exports: [SignInService, SignInTransactionService, SignInAudit, ReturnPaths],
})
export class AuthModule extends ConfigurableModuleClass {}

/** The same for a NocoBase with the companion plugin: `imports` provide PluginClient, Signer and the one-time store. */
@Module({
  providers: [{ provide: SignInService, useClass: TicketSignIn }, SignInTransactionService, SignInAudit, ReturnPaths],
  exports: [SignInService, SignInTransactionService, SignInAudit, ReturnPaths],
})
export class TicketAuthModule extends ConfigurableTicketModuleClass {}
