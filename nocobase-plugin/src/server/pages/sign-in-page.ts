import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@nocobase/server';
import { ERROR_STATUS } from '../../../../src/core/errors/index.js';
import { appInPath, modernPrefix, storageKeys } from '../../../../src/core/nocobase-web/index.js';
import {
  ERROR_PARAMETER,
  ORIGIN_REFUSED,
  REQUEST_PARAMETER,
  RETURN_PATH_HEADER,
} from '../../../../src/core/plugin-protocol/index.js';
import type { Lang } from '../../../../src/core/texts/text.js';
import { apiPath } from '../browser-binding.js';
import { placesSeenFrom } from '../own-domain.js';
import { basePath } from '../paths.js';
import { returnPathsInScripts } from '../return-paths.js';
import { SIGN_IN_PAGE } from '../texts.js';

/** Made of `client/` by the build. */
const SCRIPTS = {
  redeem: scriptOf('redeem-page'),
  callback: scriptOf('callback-page'),
  'in-app': scriptOf('plugin-in-app-page'),
} as const;

/** What the page's script is told, `client/at-nocobase.ts`. */
interface PageOptions {
  readonly app: string;
  /** As the paths of its pages name it: `main` at a domain of its own. */
  readonly appInPath: string;
  readonly authenticator: string;
  /** Path of this application's API, with a slash at its end. */
  readonly api: string;
  /** NocoBase's base path, without a slash at its end. */
  readonly base: string;
  /** First part of the v2 client's pages. */
  readonly modern: string;
  /** An expression for the paths that may be named on the sign-in page. */
  readonly pages: string;
  /** Which of the browser's storages, and the keys in it. */
  readonly storage: string;
  readonly tokenKey: string;
  readonly authenticatorKey: string;
  readonly roleKey: string;
  /** The header in which the script hands on what it brings. */
  readonly proofHeader: string;
  readonly returnPathHeader: string;
  readonly errorParameter: string;
  readonly requestParameter: string;
  /** All error codes that have a sentence, separated by blanks. */
  readonly codes: string;
}

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
`;

/**
 * A page that changes nothing by itself: its script signs in at NocoBase, which has served it, with what it brings.
 *
 * @param data for the script, beside the options: a name such as `inApp` is `data-in-app`
 */
export async function showSignInPage(
  context: Context,
  script: keyof typeof SCRIPTS,
  { authenticator, proofHeader }: Pick<PageOptions, 'authenticator' | 'proofHeader'>,
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
  const { app, ...places } = await placesSeenFrom(context);
  const inPath = appInPath({ app, ...places });
  const { storage, token: tokenKey, authenticator: authenticatorKey, role: roleKey } = storageKeys({ app, ...places });
  const options: PageOptions = {
    app,
    appInPath: inPath,
    authenticator,
    api: apiPath(app),
    base: basePath(),
    modern: modernPrefix(places),
    pages: returnPathsInScripts(inPath),
    storage,
    tokenKey,
    authenticatorKey,
    roleKey,
    proofHeader,
    returnPathHeader: RETURN_PATH_HEADER,
    errorParameter: ERROR_PARAMETER,
    requestParameter: REQUEST_PARAMETER,
    codes: [...Object.keys(ERROR_STATUS), ORIGIN_REFUSED].join(' '),
  };
  context.body = page(nonce, languageOf(context), SCRIPTS[script], { options: JSON.stringify(options), ...data });
}

function page(nonce: string, language: Lang, script: string, data: Readonly<Record<string, string>>): string {
  const title = SIGN_IN_PAGE.title[language];
  const texts = { blocked: SIGN_IN_PAGE.blocked[language], circles: SIGN_IN_PAGE.circles[language] };
  const attributes = Object.entries({ ...texts, ...data }).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<p role="status" id="at-nocobase"${attributes.join('')}>${title}</p>
<noscript><p>${SIGN_IN_PAGE.noScript[language]}</p></noscript>
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

function scriptOf(name: string): string {
  return readFileSync(join(__dirname, `../pages/${name}.js`), 'utf8');
}

function languageOf(context: Context): Lang {
  return /^\s*zh\b/i.test(context.get('accept-language')) ? 'zh' : 'en';
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
