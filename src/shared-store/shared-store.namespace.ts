import { Namespace } from '../config/index.js';
import type { SharedStoreOptions } from './shared-store.options.js';

/** The store that replicas share. */
export const sharedStoreConfig = new Namespace<SharedStoreOptions>('sharedStore');
