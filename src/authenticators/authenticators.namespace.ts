import { Namespace } from '../config/index.js';
import type { ConfiguredAuthenticators } from './authenticators.options.js';

/** The authenticators that the process starts with, and where they are set up. */
export const authenticatorsConfig = new Namespace<ConfiguredAuthenticators>('authenticators');
