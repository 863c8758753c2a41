import { type ClientPageRules, ClientPages } from './client-pages.js';

/** Longer paths would make the transaction cookie too large for common proxies. */
const MAX_LENGTH = 1024;

/** What NocoBase's clients and this gateway take a session from: nobody may lead a person into somebody else's. */
const RESERVED_PARAMETERS: ReadonlySet<string> = new Set(['token', 'authenticator', 'authCode']);

/** Also those of an authorization response, where our own parameters are added to NocoBase's. */
const RESERVED_IN_A_QUERY: ReadonlySet<string> = new Set([...RESERVED_PARAMETERS, 'code', 'state']);

/** Where NocoBase lives; only its path matters to the parser. */
const ANY_ORIGIN = 'https://nocobase.invalid';

/** How a session reaches the browser. `query` adds parameters to the return path. */
export type HandOffKind = 'page' | 'query' | 'ticket';

declare const checked: unique symbol;

/** A path that has passed `checkedPath`: the only kind of path that a sign-in ends at. */
export type ReturnPath = string & { readonly [checked]: true };

/** A page that every NocoBase has. */
export const DEFAULT_RETURN_PATH = '/admin' as ReturnPath;

export interface ReturnPathRules extends ClientPageRules {
  /** NocoBase as browsers reach it; may have a path. */
  readonly nocobasePublicUrl: string;
  /** The gateway as browsers reach it. */
  readonly gatewayPublicUrl: string;
  /** The strictest, `query`, where it is left out. */
  readonly handOff?: HandOffKind | undefined;
}

/**
 * The path of a page of NocoBase's web clients, in normal form: starts with `/`, is relative to NocoBase's own base path,
 * and cannot leave it however a browser or a proxy reads it. Its query and fragment are kept. Nothing that NocoBase's
 * server does is such a page: it runs actions on GET, in the name of whoever a `token` in the query belongs to.
 *
 * @returns undefined where `wanted` is not a path that we would send a browser to
 */
export function checkedPath(wanted: unknown, rules: ReturnPathRules): ReturnPath | undefined {
  return pathChecker(rules)(wanted);
}

/** `checkedPath` for many paths: what the rules say is read once. */
export function pathChecker(rules: ReturnPathRules): (wanted: unknown) => ReturnPath | undefined {
  const places = placesOf(rules);
  return (wanted) => check(wanted, places);
}

/** Whether `path` may be one of `morePaths`, the other rules being these. */
export function canBeReturnPath(path: string, rules: ReturnPathRules): boolean {
  const places = placesOf(rules);
  return places.pages.canList(withoutBasePath(path, places));
}

/** For a script of a page: an expression that matches checked paths only, though not all of them. */
export function returnPathPattern(rules: ReturnPathRules): string {
  return placesOf(rules).pages.pattern;
}

function placesOf({ nocobasePublicUrl, gatewayPublicUrl, handOff = 'query', ...rules }: ReturnPathRules): Places {
  const [nocobase, gateway] = [new URL(nocobasePublicUrl), new URL(gatewayPublicUrl)];
  const base = nocobase.pathname.replace(/\/$/, '');
  const inside = (path: string): string => withoutBasePath(path, { base });
  return {
    base,
    gateway:
      nocobase.origin !== gateway.origin
        ? undefined
        : gateway.pathname === '/'
          ? '/auth/'
          : `${gateway.pathname.replace(/\/$/, '')}/`.toLowerCase(),
    pages: new ClientPages({
      ...rules,
      defaultPath: rules.defaultPath === undefined ? undefined : inside(rules.defaultPath),
      morePaths: rules.morePaths?.map(inside),
      apiBasePath: rules.apiBasePath === undefined ? undefined : inside(rules.apiBasePath),
    }),
    reserved: handOff === 'query' ? RESERVED_IN_A_QUERY : RESERVED_PARAMETERS,
  };
}

interface Places {
  /** NocoBase's base path, without a slash at the end. */
  readonly base: string;
  /** The gateway's own routes, in lower case, where they are on NocoBase's origin. */
  readonly gateway: string | undefined;
  readonly pages: ClientPages;
  readonly reserved: ReadonlySet<string>;
}

function check(wanted: unknown, places: Places): ReturnPath | undefined {
  if (typeof wanted !== 'string' || wanted.length > MAX_LENGTH) return undefined;
  const inside = withoutBasePath(wanted, places);
  if (!isPlainPath(inside)) return undefined;
  const url = parse(inside);
  if (url === undefined || !isSafePathname(url.pathname)) return undefined;
  if (leadsBack(url.pathname, places) || !places.pages.has(url.pathname)) return undefined;
  const path = url.pathname + withoutReserved(url.search, places.reserved) + url.hash;
  // Counted once more: a browser writes one Chinese character as nine.
  return path.length > MAX_LENGTH ? undefined : (path as ReturnPath);
}

/** NocoBase's v2 client names its pages with the base path in front, v1 without. */
function withoutBasePath(wanted: string, { base }: Pick<Places, 'base'>): string {
  return base !== '' && wanted.startsWith(`${base}/`) ? wanted.slice(base.length) : wanted;
}

/** Starts with exactly one slash and holds nothing that parsers read differently: backslash, control or blank. */
function isPlainPath(wanted: string): boolean {
  // eslint-disable-next-line no-control-regex -- they are what is refused
  return /^\/(?!\/)/.test(wanted) && !/[\\\u0000-\u0020\u007f]/.test(wanted) && wanted.isWellFormed();
}

/** As browsers do: https://url.spec.whatwg.org/#concept-basic-url-parser */
function parse(wanted: string): URL | undefined {
  try {
    const url = new URL(wanted, ANY_ORIGIN);
    return url.origin === ANY_ORIGIN ? url : undefined;
  } catch {
    return undefined;
  }
}

/** After dot segments are resolved: not `//host`, and no escaped slash, backslash, dot pair or control for a proxy to undo. */
function isSafePathname(pathname: string): boolean {
  return !pathname.includes('//') && !/%(?:2f|5c|25|2e|[01][0-9a-f]|7f)/i.test(pathname);
}

function withoutReserved(search: string, reserved: Places['reserved']): string {
  const kept = search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '' && !reserved.has(nameOf(part)));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

function nameOf(part: string): string {
  const [name = ''] = new URLSearchParams(part).keys();
  return name;
}

/** The gateway's own routes: a signed-in person has no business there. */
function leadsBack(pathname: string, { base, gateway }: Places): boolean {
  // Servers decode what they route: "/%61uth" is one of them, too.
  return gateway !== undefined && decoded(base + pathname)?.startsWith(gateway) !== false;
}

/** As a router may read it, with a slash at the end; undefined where it cannot be decoded. */
function decoded(pathname: string): string | undefined {
  try {
    return `${decodeURIComponent(pathname)}/`.toLowerCase();
  } catch {
    return undefined;
  }
}
