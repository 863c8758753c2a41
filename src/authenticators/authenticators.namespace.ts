import { Namespace } from '../config/index.js';
import type { ConfiguredAuthenticators } from './authenticators.options.js';

/** The authenticators at the start of the process, and where they are configured. */
export const authenticatorsConfig = new Namespace<ConfiguredAuthenticators>('authenticators');
