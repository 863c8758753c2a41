import type { AppOptions } from './app.config.js';
import { Namespace } from './namespace.js';

/** Process and public address. */
export const appConfig = new Namespace<AppOptions>('app');
