import { apiPath, modernPrefix as modernPrefixOf } from '../nocobase-web/index.js';
import { foldedSegments, openSegments } from './path-segments.js';

/**
 * First segments of the pages that NocoBase's own web clients serve to signed-in people, and of those that need no
 * sign-in. Taken from the tags v1.9.23, v2.0.0, v2.1.45 and v2.2.0 of github.com/nocobase/nocobase, and from the
 * packages of 2.2.15. The router of the classic client is at `/`, that of the new client (since 2.1) at `/v/`.
 */
const PAGES: ReadonlySet<string> = new Set([
  // core/client/src/nocobase-buildin-plugin/index.tsx, core/client-v2/src/flow/admin-shell/BaseLayoutModel.tsx: 1.9 to 2.2
  'admin',
  // plugin-mobile/src/client/index.tsx (`mobilePath`): 1.9 to 2.2
  'm',
  // plugin-mobile-client/src/client/index.tsx: 1.9 to 2.2; plugin-ui-layout/src/constants.ts: the new client of 2.2
  'mobile',
  // plugin-public-forms/src/client/index.tsx: 1.9 to 2.2; its src/client-v2/plugin.tsx: since 2.1
  'public-forms',
  // plugin-embed/src/client/index.tsx (`UrlPrefix`) and src/client-v2/plugin.tsx: since 2.1, before that sold
  // separately
  'embed',
  // plugin-api-doc/src/client/index.tsx: 1.9 to 2.2; its src/client-v2/plugin.tsx: since 2.2. A page, not the API
  'api-documentation',
  // plugin-idp-oauth/src/client/plugin.tsx and src/client-v2/plugin.tsx: since 2.1. Its server uses only paths below
  // the API
  'idp-oauth',
  'idpoauth',
]);

/**
 * Paths that NocoBase's server handles itself, even if they are listed (server/src/gateway/index.ts and
 * cli-v1/nocobase.conf.tpl of 1.9 to 2.2): its API, uploaded files, scripts of plugins, sockets, discovery documents.
 */
const ANSWERED_BY_THE_SERVER: ReadonlySet<string> = new Set(
  ['api', '__app', 'files', 'storage', 'uploads', 'static', 'dist', 'ws'], // Anything that begins with a dot cannot be listed.
);

/**
 * plugin-auth/src/client/index.tsx and src/client-v2/plugin.tsx, 1.9 to 2.2: pages where a signed-in person would be
 * stuck.
 */
const FOR_THE_SIGNED_OUT: ReadonlySet<string> = new Set(['signin', 'signup', 'forgot-password', 'reset-password']);

/** The path of sub-apps: multi-app manager of 1.9 to 2.2, in both clients. */
const APPS = 'apps';

/** Configuration of one NocoBase. */
export interface ClientPageRules {
  /** `main`, or the name of the sub-app that people sign in to. */
  readonly app?: string | undefined;
  /** The default landing page: its first segment counts as a page. */
  readonly defaultPath?: string | undefined;
  /** Further pages: paths that include everything below them. */
  readonly morePaths?: readonly string[] | undefined;
  /** NocoBase's `API_BASE_PATH`, without NocoBase's base path. */
  readonly apiBasePath?: string | undefined;
  /** NocoBase's `APP_MODERN_CLIENT_PREFIX`: the first segment of the new client. */
  readonly modernPrefix?: string | undefined;
}

/** The pages of one NocoBase's clients, and nothing else that it serves. */
export class ClientPages {
  private readonly app: string;
  private readonly modern: string;
  private readonly api: readonly string[];
  private readonly more: readonly (readonly string[])[];

  constructor({ app, defaultPath = '', morePaths = [], apiBasePath, modernPrefix }: ClientPageRules) {
    this.app = app ?? 'main';
    this.modern = modernPrefixOf({ modernPrefix });
    this.api = lowerCase(segmentsOf(apiPath({ apiBasePath })));
    const landing = this.entry(defaultPath.replace(/[?#].*$/s, '')).slice(0, 1);
    this.more = [landing, ...morePaths.map((path) => this.entry(path))].filter((entry) => this.mayBeListed(entry));
  }

  /** @param pathname without NocoBase's base path, as returned by the URL parser */
  has(pathname: string): boolean {
    const folded = foldedSegments(pathname);
    if (folded === undefined || startsWith(folded, this.api)) return false;
    const page = openSegments(this.inside(pathname.split('/').slice(1)));
    if (page === undefined) return false;
    const [first = ''] = page;
    // The first page of a client, or of a sub-app in it.
    if (first === '') return page.length <= 1;
    if (PAGES.has(first)) return true;
    // A listed path may be NocoBase's own base path by mistake: the server would respond below it, too.
    return this.more.some((entry) => startsWith(page, entry)) && !this.hasServersSegment(folded);
  }

  /** Whether this can be listed as a further page. */
  canList(path: string): boolean {
    return this.mayBeListed(this.entry(path));
  }

  /**
   * The same as one regular expression, for a script in a page that must not trust its input. It is stricter: required
   * parts must be written out, and the path must contain no escaped slashes, dots or look-alikes.
   */
  get pattern(): string {
    const entries = [...PAGES, ...this.more.map((entry) => entry.join('/'))];
    const pages = entries.filter((entry) => entry.split('/')[0] !== this.api[0]).map(escaped);
    const client = `(?:/${escaped(this.modern)})?${this.app === 'main' ? '' : `(?:/${APPS}/${escaped(this.app)})?`}`;
    const nothingToUndo = '(?![^?#]*(?:/\\.|//|%(?:2[eEfF5]|5[cC]|[01]|7[fF]|[eE][2fF])))';
    const [inPath, behind] = ['(?:(?![\\\\?#])[!-~])*', '(?:(?!\\\\)[!-~])*'];
    return `^${nothingToUndo}${client}/(?:(?:${pages.join('|')})(?:/${inPath})?)?(?:[?#]${behind})?$`;
  }

  /**
   * The path after the prefix of the new client and of this sub-app, both in their usual spelling. Pages of other apps
   * keep their `apps`, which is no page.
   */
  private inside(segments: readonly string[]): readonly string[] {
    const rest = segments[0] === this.modern ? segments.slice(1) : segments;
    return this.app !== 'main' && rest[0] === APPS && rest[1] === this.app ? rest.slice(2) : rest;
  }

  private entry(path: string): readonly string[] {
    return lowerCase(this.inside(segmentsOf(path)));
  }

  private hasServersSegment(segments: readonly string[]): boolean {
    return segments.some((segment) => ANSWERED_BY_THE_SERVER.has(segment) || segment === this.api[0]);
  }

  private mayBeListed(entry: readonly string[]): boolean {
    const isPlain = entry.length > 0 && entry.every((segment) => /^(?!\.)[\p{L}\p{N}_.~-]+$/u.test(segment));
    const written = lowerCase(entry.map((segment) => segment.normalize('NFKC')));
    const [first = ''] = written;
    const isTheirs = this.hasServersSegment(written) || FOR_THE_SIGNED_OUT.has(first) || first === APPS;
    return isPlain && !isTheirs && !startsWith(entry, this.api);
  }
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function lowerCase(segments: readonly string[]): readonly string[] {
  return segments.map((segment) => segment.toLowerCase());
}

function startsWith(segments: readonly string[], beginning: readonly string[]): boolean {
  return beginning.length > 0 && beginning.every((segment, index) => segments[index] === segment);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}
