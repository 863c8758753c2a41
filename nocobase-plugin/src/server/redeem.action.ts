import { randomBytes } from 'node:crypto';
import type { Context } from '@nocobase/server';
import { AUTHENTICATOR_NAME } from '../../../src/plugin-protocol/index.js';
import { apiPath } from './browser-binding.js';
import { basePath, modernPrefix } from './paths.js';
import { redeemPage } from './redeem-page.js';
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
    storage: storageOf(app),
  });
}

/** As NocoBase's clients name what they keep (`@nocobase/sdk`, Storage and APIClient). */
function storageOf(app: string): { session: boolean; token: string; authenticator: string; role: string } {
  const { env } = process;
  const shared = (env['API_CLIENT_STORAGE_PREFIX'] || 'NOCOBASE_').toUpperCase();
  const own = app === 'main' ? shared : `${shared}${app.toUpperCase()}_`;
  return {
    session: env['API_CLIENT_STORAGE_TYPE'] === 'sessionStorage',
    token: `${env['API_CLIENT_SHARE_TOKEN'] === 'true' ? shared : own}TOKEN`,
    authenticator: `${own}AUTH`,
    role: `${own}ROLE`,
  };
}

function languageOf(context: Context): 'en' | 'zh' {
  return /^\s*zh\b/i.test(context.get('accept-language')) ? 'zh' : 'en';
}
