import { Namespace } from '../config/index.js';
import type { AuthSettings } from './auth.config.js';

/** Secrets of the gateway, and how long a sign-in may take. */
export const authConfig = new Namespace<AuthSettings>('auth');
