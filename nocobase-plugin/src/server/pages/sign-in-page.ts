import type { Context } from '@nocobase/server';
import { randomBytes } from '../../../../src/core/sealed/index.js';
import type { Lang } from '../../../../src/core/texts/text.js';
import { placesSeenFrom } from '../own-domain.js';
import { attributes, type PageScript, type PageUse, preparedPage } from './prepared-page.js';

/**
 * A page that changes nothing by itself: its script uses the data to sign in at NocoBase, which has served it.
 *
 * @param data for the script, beside the options: a name such as `inApp` becomes `data-in-app`
 */
export async function showSignInPage(
  context: Context,
  script: PageScript,
  use: PageUse,
  data: Readonly<Record<string, string>> = {},
): Promise<void> {
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
  context.type = 'html';
  const { beforeData, afterData } = preparedPage(script, use, await placesSeenFrom(context), languageOf(context));
  context.body = beforeData.join(nonce) + attributes(data) + afterData.join(nonce);
}

function languageOf(context: Context): Lang {
  return /^\s*zh\b/i.test(context.get('accept-language')) ? 'zh' : 'en';
}
