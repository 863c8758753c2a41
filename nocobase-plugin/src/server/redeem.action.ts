import { randomBytes } from 'node:crypto';
import type { Context } from '@nocobase/server';
import { ERROR_STATUS } from '../../../src/errors/index.js';
import {
  AUTHENTICATOR_NAME,
  ERROR_PARAMETER,
  ORIGIN_REFUSED,
  REQUEST_PARAMETER,
  TICKET_HEADER,
} from '../../../src/plugin-protocol/index.js';
import { apiPath } from './browser-binding.js';
import { basePath, modernPrefix } from './paths.js';
import { type RedeemOptions, redeemPage } from './redeem-page.js';
import { returnPathsInScripts } from './return-paths.js';

/**
 * `GET dingtalk:redeem?authenticator=NAME#ticket=…`: a page that changes nothing by itself. Its script takes the ticket
 * out of the fragment, which no server has seen, and signs in with it.
 */
export async function redeem(context: Context): Promise<void> {
  const { authenticator } = context.query;
  const nonce = randomBytes(16).toString('base64url');
  context.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      'img-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  });
  context.withoutDataWrapping = true;
  context.type = 'html';
  const app = context.app.name;
  context.body = redeemPage(nonce, languageOf(context), {
    app,
    authenticator: typeof authenticator === 'string' && AUTHENTICATOR_NAME.test(authenticator) ? authenticator : '',
    api: apiPath(app),
    base: basePath(),
    modern: modernPrefix(),
    pages: returnPathsInScripts(app),
    ...storageOf(app),
    ticketHeader: TICKET_HEADER,
    errorParameter: ERROR_PARAMETER,
    requestParameter: REQUEST_PARAMETER,
    codes: [...Object.keys(ERROR_STATUS), ORIGIN_REFUSED].join(' '),
  });
}

/** As NocoBase's clients name what they keep (`@nocobase/sdk`, Storage and APIClient). */
function storageOf(app: string): Pick<RedeemOptions, 'storage' | 'tokenKey' | 'authenticatorKey' | 'roleKey'> {
  const { env } = process;
  const shared = (env['API_CLIENT_STORAGE_PREFIX'] || 'NOCOBASE_').toUpperCase();
  const own = app === 'main' ? shared : `${shared}${app.toUpperCase()}_`;
  return {
    storage: env['API_CLIENT_STORAGE_TYPE'] === 'sessionStorage' ? 'sessionStorage' : 'localStorage',
    tokenKey: `${env['API_CLIENT_SHARE_TOKEN'] === 'true' ? shared : own}TOKEN`,
    authenticatorKey: `${own}AUTH`,
    roleKey: `${own}ROLE`,
  };
}

function languageOf(context: Context): 'en' | 'zh' {
  return /^\s*zh\b/i.test(context.get('accept-language')) ? 'zh' : 'en';
}
