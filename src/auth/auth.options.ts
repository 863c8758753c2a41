import { configurableModule } from '../config/index.js';
import type { AccountRules } from '../core/accounts/index.js';
import type { ReturnPathRules } from '../core/return-path/index.js';
import type { TransactionOptions } from '../core/sign-in/index.js';
import type { NocoBaseTarget } from '../nocobase-client/index.js';

export interface AuthOptions extends AccountRules, TransactionOptions {
  /** Where people land who asked for no page, or for one that is none. */
  readonly defaultPath: string;
  /** Where browsers find NocoBase: a return path that leads back into the gateway is refused. */
  readonly nocobasePublicUrl: string;
  /** What else says which pages people may be sent to; for `main` and the hand-off by query where it is left out. */
  readonly returnPathRules?: Omit<ReturnPathRules, 'nocobasePublicUrl' | 'gatewayPublicUrl' | 'defaultPath'>;
}

/** For a NocoBase with the companion plugin. */
export interface TicketAuthOptions extends AuthOptions {
  readonly nocobase: NocoBaseTarget;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } = configurableModule<AuthOptions>('Auth');

/** Under the same token: what both modules have in common asks for it. */
export const { ConfigurableModuleClass: ConfigurableTicketModuleClass } = configurableModule<TicketAuthOptions>(
  'TicketAuth',
  AUTH_OPTIONS,
);
