import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lang } from '../../../src/core/texts/text.js';
import { REDEEM_PAGE } from './texts.js';

/** What the page's script is told, `client/redeem-page.ts`. */
export interface RedeemOptions {
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
  /** An expression for the paths that may be named on the sign-in page: the ticket is not verified yet. */
  readonly pages: string;
  /** Which of the browser's storages, and the keys in it. */
  readonly storage: string;
  readonly tokenKey: string;
  readonly authenticatorKey: string;
  readonly roleKey: string;
  readonly ticketHeader: string;
  readonly errorParameter: string;
  readonly requestParameter: string;
  /** All error codes that have a sentence, separated by blanks. */
  readonly codes: string;
}

/** Made of `client/redeem-page.ts` by the build. */
const SCRIPT = readFileSync(join(__dirname, '../pages/redeem-page.js'), 'utf8');

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
`;

export function redeemPage(nonce: string, language: Lang, options: RedeemOptions): string {
  const title = REDEEM_PAGE.title[language];
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
<p data-redeem="${escaped(JSON.stringify(options))}" data-blocked="${REDEEM_PAGE.blocked[language]}">${title}</p>
<noscript><p>${REDEEM_PAGE.noScript[language]}</p></noscript>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
