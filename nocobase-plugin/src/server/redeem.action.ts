import { randomBytes } from 'node:crypto';
import type { Context } from '@nocobase/server';
import { ERROR_STATUS } from '../../../src/core/errors/index.js';
import { appInPath, modernPrefix, storageKeys } from '../../../src/core/nocobase-web/index.js';
import type { Lang } from '../../../src/core/texts/text.js';
import { AUTHENTICATOR_NAME } from '../../../src/core/settings/index.js';
import {
  ERROR_PARAMETER,
  ORIGIN_REFUSED,
  REQUEST_PARAMETER,
  TICKET_HEADER,
} from '../../../src/core/plugin-protocol/index.js';
import { apiPath } from './browser-binding.js';
import { placesSeenFrom } from './own-domain.js';
import { basePath } from './paths.js';
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
  const { app, ...places } = await placesSeenFrom(context);
  const inPath = appInPath({ app, ...places });
  const { storage, token: tokenKey, authenticator: authenticatorKey, role: roleKey } = storageKeys({ app, ...places });
  context.body = redeemPage(nonce, languageOf(context), {
    app,
    appInPath: inPath,
    authenticator: typeof authenticator === 'string' && AUTHENTICATOR_NAME.test(authenticator) ? authenticator : '',
    api: apiPath(app),
    base: basePath(),
    modern: modernPrefix(places),
    pages: returnPathsInScripts(inPath),
    storage,
    tokenKey,
    authenticatorKey,
    roleKey,
    ticketHeader: TICKET_HEADER,
    errorParameter: ERROR_PARAMETER,
    requestParameter: REQUEST_PARAMETER,
    codes: [...Object.keys(ERROR_STATUS), ORIGIN_REFUSED].join(' '),
  });
}

function languageOf(context: Context): Lang {
  return /^\s*zh\b/i.test(context.get('accept-language')) ? 'zh' : 'en';
}
