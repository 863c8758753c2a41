import { type ClientPageRules, ClientPages } from './client-pages.js';

/** Longer paths would make the transaction cookie too large for common proxies. */
const MAX_LENGTH = 1024;

/**
 * The parameters from which NocoBase's clients and this gateway take a session: a link must not lead a person into
 * another one's.
 */
const RESERVED_PARAMETERS: ReadonlySet<string> = new Set(['token', 'authenticator', 'authCode']);

/** Also those of an authorization response, if our own parameters are added to NocoBase's. */
const RESERVED_IN_A_QUERY: ReadonlySet<string> = new Set([...RESERVED_PARAMETERS, 'code', 'state']);

/** A stand-in for NocoBase's origin; the parser needs only the path. */
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
  /** Default: `query`, the strictest. */
  readonly handOff?: HandOffKind | undefined;
}

/**
 * The path of a page of NocoBase's web clients, normalized: it starts with `/`, is relative to NocoBase's own base
 * path, and cannot leave it however a browser or a proxy reads it. Query and fragment are kept. Requests that
 * NocoBase's server handles itself are never such a page: it runs actions on GET, in the name of the owner of a `token`
 * in the query.
 *
 * @returns undefined if `wanted` is not a path that we would send a browser to
 */
export function checkedPath(wanted: unknown, rules: ReturnPathRules): ReturnPath | undefined {
  return pathChecker(rules)(wanted);
}

/** `checkedPath` for many paths: the rules are prepared once. */
export function pathChecker(rules: ReturnPathRules): (wanted: unknown) => ReturnPath | undefined {
  const places = placesOf(rules);
  return (wanted) => check(wanted, places);
}

/** Whether `path` may be one of `morePaths`, given the other rules. */
export function canBeReturnPath(path: string, rules: ReturnPathRules): boolean {
  const places = placesOf(rules);
  return places.pages.canList(withoutBasePath(path, places));
}

/** For a script in a page: a regular expression that matches only checked paths, but not all of them. */
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
  /** NocoBase's base path, without a trailing slash. */
  readonly base: string;
  /** The gateway's own routes, in lower case, if they are on NocoBase's origin. */
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
  // Checked again after encoding: one Chinese character becomes nine.
  return path.length > MAX_LENGTH ? undefined : (path as ReturnPath);
}

/** NocoBase's v2 client includes the base path in its pages, v1 does not. */
function withoutBasePath(wanted: string, { base }: Pick<Places, 'base'>): string {
  return base !== '' && wanted.startsWith(`${base}/`) ? wanted.slice(base.length) : wanted;
}

/**
 * Starts with exactly one slash and contains nothing that parsers read differently: backslash, control character or
 * space.
 */
function isPlainPath(wanted: string): boolean {
  // eslint-disable-next-line no-control-regex -- they are what is refused
  return /^\/(?!\/)/.test(wanted) && !/[\\\u0000-\u0020\u007f]/.test(wanted) && wanted.isWellFormed();
}

/** Like browsers: https://url.spec.whatwg.org/#concept-basic-url-parser */
function parse(wanted: string): URL | undefined {
  try {
    const url = new URL(wanted, ANY_ORIGIN);
    return url.origin === ANY_ORIGIN ? url : undefined;
  } catch {
    return undefined;
  }
}

/**
 * After dot segments are resolved: not `//host`, and no escaped slash, backslash, dot pair or control character that a
 * proxy could decode.
 */
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

/** The gateway's own routes, which a signed-in person does not need. */
function leadsBack(pathname: string, { base, gateway }: Places): boolean {
  // Servers decode paths before routing, so "/%61uth" counts as well.
  return gateway !== undefined && decoded(base + pathname)?.startsWith(gateway) !== false;
}

/** As a router may read it, with a trailing slash; undefined if it cannot be decoded. */
function decoded(pathname: string): string | undefined {
  try {
    return `${decodeURIComponent(pathname)}/`.toLowerCase();
  } catch {
    return undefined;
  }
}
