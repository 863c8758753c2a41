export {
  authDefaults,
  type AuthSettings,
  keepSecret,
  keptSecretOf,
  MIN_SECRET_LENGTH,
  readAuthSettings,
} from './auth.config.js';
export { AccessDeniedError, InvalidStateError } from './auth.errors.js';
export { AuthModule, TicketAuthModule } from './auth.module.js';
export { authConfig } from './auth.namespace.js';
export type { AuthOptions, TicketAuthOptions } from './auth.options.js';
export { ReturnPaths } from './return-paths.js';
export { type Progress, SignInAudit } from './sign-in-audit.js';
export { type SignedIn, type SignInFailure, SignInService } from './sign-in.service.js';
export { type Flow, type SignInTransaction, STATE_PATTERN } from './sign-in-transaction.js';
export { type HeldTransaction, SignInTransactionService } from './sign-in-transaction.service.js';
