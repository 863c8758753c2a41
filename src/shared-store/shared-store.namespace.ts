import { Namespace } from '../config/index.js';
import type { SharedStoreOptions } from './shared-store.options.js';

/** Where replicas meet. */
export const sharedStoreConfig = new Namespace<SharedStoreOptions>('sharedStore');
