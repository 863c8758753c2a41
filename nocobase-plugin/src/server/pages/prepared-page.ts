import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { ERROR_STATUS } from '../../../../src/core/errors/index.js';
import { appInPath, modernPrefix, type PlaceSettings, storageKeys } from '../../../../src/core/nocobase-web/index.js';
import {
  ERROR_PARAMETER,
  ORIGIN_REFUSED,
  REQUEST_PARAMETER,
  RETURN_PATH_HEADER,
} from '../../../../src/core/plugin-protocol/index.js';
import type { Lang } from '../../../../src/core/texts/text.js';
import { apiPath } from '../browser-binding.js';
import { basePath } from '../paths.js';
import { returnPathsInScripts } from '../return-paths.js';
import { SIGN_IN_PAGE } from '../texts.js';

/** Bundled from `client/` by the build. */
const SCRIPTS = {
  redeem: scriptOf('redeem-page'),
  callback: scriptOf('callback-page'),
  'in-app': scriptOf('plugin-in-app-page'),
} as const;

/** The options for the page's script, see `client/at-nocobase.ts`. */
interface PageOptions {
  readonly app: string;
  /** The application's name in the paths of its pages: `main` on a domain of its own. */
  readonly appInPath: string;
  readonly authenticator: string;
  /** Path of this application's API, with a trailing slash. */
  readonly api: string;
  /** NocoBase's base path, without a trailing slash. */
  readonly base: string;
  /** First path segment of the v2 client's pages. */
  readonly modern: string;
  /** A regular expression for the paths that may be passed to the sign-in page. */
  readonly pages: string;
  /** Which browser storage the client uses, and its keys there. */
  readonly storage: string;
  readonly tokenKey: string;
  readonly authenticatorKey: string;
  readonly roleKey: string;
  /** The header in which the script sends what it brings. */
  readonly proofHeader: string;
  readonly returnPathHeader: string;
  readonly errorParameter: string;
  readonly requestParameter: string;
  /** All error codes that have a message, separated by spaces. */
  readonly codes: string;
}

export type PageScript = keyof typeof SCRIPTS;
/** The purpose of the page. */
export type PageUse = Pick<PageOptions, 'authenticator' | 'proofHeader'>;

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
`;

/** A page without the nonce, which goes between the parts, and without the data of one request. */
export interface PreparedPage {
  readonly beforeData: readonly string[];
  readonly afterData: readonly string[];
}

/** Everyone who signs in gets one, and NocoBase has a single thread: the parts that all requests share are built once. */
const prepared = new LRUCache<string, PreparedPage>({ max: 100 });

/** Placeholder for the nonce in a prepared page. Unguessable, since it differs in each process. */
const NONCE = randomBytes(16).toString('base64url');

export function preparedPage(script: PageScript, use: PageUse, places: PlaceSettings, language: Lang): PreparedPage {
  const key = JSON.stringify([script, use, places, language]);
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const made = prepare(script, use, places, language);
  prepared.set(key, made);
  return made;
}

function prepare(
  script: PageScript,
  { authenticator, proofHeader }: PageUse,
  places: PlaceSettings,
  language: Lang,
): PreparedPage {
  const { app } = places;
  const inPath = appInPath(places);
  const { storage, token: tokenKey, authenticator: authenticatorKey, role: roleKey } = storageKeys(places);
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
  const title = SIGN_IN_PAGE.title[language];
  const texts = { blocked: SIGN_IN_PAGE.blocked[language], circles: SIGN_IN_PAGE.circles[language] };
  const before = `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${NONCE}">${STYLE}</style>
</head>
<body>
<p role="status" id="at-nocobase"${attributes({ ...texts, options: JSON.stringify(options) })}`;
  const after = `>${title}</p>
<noscript><p>${SIGN_IN_PAGE.noScript[language]}</p></noscript>
<script nonce="${NONCE}">${SCRIPTS[script]}</script>
</body>
</html>
`;
  return { beforeData: before.split(NONCE), afterData: after.split(NONCE) };
}

export function attributes(data: Readonly<Record<string, string>>): string {
  return Object.entries(data)
    .map(([name, value]) => ` data-${name}="${escaped(value)}"`)
    .join('');
}

function scriptOf(name: string): string {
  return readFileSync(join(__dirname, `../pages/${name}.js`), 'utf8');
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
