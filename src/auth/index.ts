export {
  authDefaults,
  type AuthSettings,
  keepSecret,
  keptSecretOf,
  MIN_SECRET_LENGTH,
  readAuthSettings,
} from './auth.config.js';
export { AuthModule, TicketAuthModule } from './auth.module.js';
export { authConfig } from './auth.namespace.js';
export type { AuthOptions, TicketAuthOptions } from './auth.options.js';
export { ReturnPaths } from './return-paths.js';
export { type Progress, SignInAudit } from './sign-in-audit.js';
export { type SignedIn, type SignInFailure, SignInService } from './sign-in.service.js';
export { SignInTransactionService } from './sign-in-transaction.service.js';
