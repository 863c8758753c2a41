import { configurableModule } from '../config/index.js';
import type { AccountRules } from '../core/accounts/index.js';
import type { ReturnPathRules } from '../core/return-path/index.js';
import type { TransactionOptions } from '../core/sign-in/index.js';
import type { NocoBaseTarget } from '../nocobase-client/index.js';

export interface AuthOptions extends AccountRules, TransactionOptions {
  /** The landing page if none or an invalid one was requested. */
  readonly defaultPath: string;
  /** NocoBase's address for browsers: a return path that leads back into the gateway is refused. */
  readonly nocobasePublicUrl: string;
  /** Further rules about allowed pages; default: those for `main` and the hand-off by query. */
  readonly returnPathRules?: Omit<ReturnPathRules, 'nocobasePublicUrl' | 'gatewayPublicUrl' | 'defaultPath'>;
}

/** For a NocoBase with the companion plugin. */
export interface TicketAuthOptions extends AuthOptions {
  readonly nocobase: NocoBaseTarget;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } = configurableModule<AuthOptions>('Auth');

/** With the same token, because providers common to both modules inject it. */
export const { ConfigurableModuleClass: ConfigurableTicketModuleClass } = configurableModule<TicketAuthOptions>(
  'TicketAuth',
  AUTH_OPTIONS,
);
