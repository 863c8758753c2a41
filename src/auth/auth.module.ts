import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './auth.options.js';
import { SignInAudit } from './sign-in-audit.js';
import { SignInService } from './sign-in.service.js';
import { SignInTransactionService } from './sign-in-transaction.service.js';

/**
 * People and sessions, no provider. `forRoot` and `forRootAsync` take, beside the options, the modules that provide
 * NocoBase's ports and the one-time store as `imports`.
 */
@Module({
  providers: [SignInService, SignInTransactionService, SignInAudit],
  exports: [SignInService, SignInTransactionService, SignInAudit],
})
export class AuthModule extends ConfigurableModuleClass {}
