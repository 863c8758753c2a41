import type { Context } from 'react';
import type { PublicAuthenticator } from '../src/client-shared/client-app.js';

export declare const AuthenticatorsContext: Context<readonly PublicAuthenticator[]>;
