import type { AuthenticatorsSource } from '../authenticators/index.js';
import { configurableModule } from '../config/index.js';

export interface LeaversOptions {
  readonly publicUrl: string;
  /** Where data may be stored if there is no Redis. */
  readonly stateFolder: string;
  /** Where the ways to sign in are configured. */
  readonly source: Pick<AuthenticatorsSource, 'kind'>;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: LEAVERS_OPTIONS } =
  configurableModule<LeaversOptions>('Leavers');
