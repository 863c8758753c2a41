import { configurableModule } from '../config/index.js';
import type { RedisSettings } from './redis.config.js';

export interface SharedStoreOptions {
  /** What replicas share; default: this is the only process. */
  readonly redis?: RedisSettings | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: SHARED_STORE_OPTIONS } =
  configurableModule<SharedStoreOptions>('SharedStore');
