/** Longer paths would make the transaction cookie too large for common proxies. */
const MAX_LENGTH = 1024;

/** Parameters that belong to a hand-off or an authorization response and must not be smuggled into the next one. */
const RESERVED_PARAMETERS = new Set(['token', 'authenticator', 'code', 'authCode', 'state']);

/** Where NocoBase lives; only its path matters to the parser. */
const ANY_ORIGIN = 'https://nocobase.invalid';

export interface ReturnPathRules {
  /** NocoBase as browsers reach it; may have a path. */
  readonly nocobasePublicUrl: string;
  /** The gateway as browsers reach it. */
  readonly gatewayPublicUrl: string;
}

/**
 * A path inside NocoBase, in normal form: starts with `/`, is relative to NocoBase's own base path, and cannot leave it
 * however a browser or a proxy reads it. Its query and fragment are kept.
 *
 * @returns undefined where `wanted` is not a path that we would send a browser to
 */
export function checkedPath(wanted: unknown, rules: ReturnPathRules): string | undefined {
  return pathChecker(rules)(wanted);
}

/** `checkedPath` for many paths: what the rules say is read once. */
export function pathChecker({ nocobasePublicUrl, gatewayPublicUrl }: ReturnPathRules) {
  const [nocobase, gateway] = [new URL(nocobasePublicUrl), new URL(gatewayPublicUrl)];
  const places: Places = {
    base: nocobase.pathname.replace(/\/$/, ''),
    gateway:
      nocobase.origin !== gateway.origin
        ? undefined
        : gateway.pathname === '/'
          ? '/auth/'
          : `${gateway.pathname.replace(/\/$/, '')}/`.toLowerCase(),
  };
  return (wanted: unknown): string | undefined => check(wanted, places);
}

interface Places {
  /** NocoBase's base path, without a slash at the end. */
  readonly base: string;
  /** The gateway's own routes, in lower case, where they are on NocoBase's origin. */
  readonly gateway: string | undefined;
}

function check(wanted: unknown, places: Places): string | undefined {
  if (typeof wanted !== 'string' || wanted.length > MAX_LENGTH) return undefined;
  const inside = withoutBasePath(wanted, places);
  if (!isPlainPath(inside)) return undefined;
  const url = parse(inside);
  if (url === undefined || !isSafePathname(url.pathname)) return undefined;
  const path = url.pathname + withoutReserved(url.search) + url.hash;
  // Counted once more: a browser writes one Chinese character as nine.
  return path.length > MAX_LENGTH || leadsBack(url.pathname, places) ? undefined : path;
}

/** NocoBase's v2 client names its pages with the base path in front, v1 without. */
function withoutBasePath(wanted: string, { base }: Places): string {
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

function withoutReserved(search: string): string {
  const kept = search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '' && !isReserved(part));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

function isReserved(part: string): boolean {
  const [name = ''] = new URLSearchParams(part).keys();
  return RESERVED_PARAMETERS.has(name);
}

/** The gateway's own routes and NocoBase's sign-in pages: a signed-in person has no business there. */
function leadsBack(pathname: string, { base, gateway }: Places): boolean {
  // Servers decode what they route: "/%73ignin" is the sign-in page, too.
  const [within, whole] = [decoded(pathname), decoded(base + pathname)];
  if (within === undefined || whole === undefined || /^(?:\/v)?(?:\/apps\/[^/]+)?\/signin\//.test(within)) return true;
  return gateway !== undefined && whole.startsWith(gateway);
}

/** As a router may read it, with a slash at the end; undefined where it cannot be decoded. */
function decoded(pathname: string): string | undefined {
  try {
    return `${decodeURIComponent(pathname)}/`.toLowerCase();
  } catch {
    return undefined;
  }
}
