/** A host as `URL` leaves it: what ends in a number is an IPv4 address (WHATWG URL, section 3.5). */
const IPV4 = /^\d+(?:\.\d+){3}$/;
/** Names that only a network of one's own knows: RFC 6762, RFC 8375, ICANN's `.internal`, Kubernetes. */
const INSIDE = /^(?:[^.]+|.+\.(?:local|internal|home\.arpa|lan|svc|cluster\.local))$/;
/** RFC 1918, RFC 6598; not the link-local addresses, where clouds answer questions about the machine. */
const PRIVATE_IPV4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
/** RFC 4193. */
const PRIVATE_IPV6 = /^\[f[cd]/;

/** An address as it is kept: without a slash at its end. */
export function withoutSlash(address: string): string {
  const text = address.trim();
  let end = text.length;
  // Not by a regular expression: of many slashes with something behind them it would try every one.
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Where NocoBase's server asks a gateway. */
export function keysAddress(settings: { readonly gatewayUrl: string; readonly gatewayInternalUrl: string }): string {
  return settings.gatewayInternalUrl || settings.gatewayUrl;
}

/** Whether what is asked there is on its way through a network as plain text, so that somebody else may answer. */
export function isOverPlainHttp(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname);
}

/** Whether this is an address at all; a NocoBase may be at `http` in a network of its own, under any name. */
export function isAddress(address: string): boolean {
  return plainUrl(address) !== undefined;
}

/** Whether this is an address that browsers may be sent to: `https`, or `http` on this very machine. */
export function isPublicAddress(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && (url.protocol === 'https:' || isLoopback(url.hostname));
}

/** Whether NocoBase's server may ask here: also `http` inside a network of one's own. */
export function isServerAddress(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && (url.protocol === 'https:' || isLoopback(url.hostname) || isInside(url.hostname));
}

function plainUrl(address: string): URL | undefined {
  const url = address.length > 2048 ? undefined : parsed(address);
  if (url === undefined) return undefined;
  const isPlain = url.username === '' && url.password === '' && !/[?#\s\\]/.test(address);
  return isPlain && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** As `URL.parse`, which the browsers that show the form need not have. */
function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (IPV4.test(hostname) && hostname.startsWith('127.'));
}

function isInside(hostname: string): boolean {
  if (IPV4.test(hostname)) return PRIVATE_IPV4.test(hostname);
  return hostname.startsWith('[') ? PRIVATE_IPV6.test(hostname) : INSIDE.test(hostname);
}
