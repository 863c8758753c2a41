/** A host as `URL` leaves it: what ends in a number is an IPv4 address (WHATWG URL, section 3.5). */
const IPV4 = /^\d+(?:\.\d+){3}$/;
/** RFC 1918, RFC 6598; not the link-local addresses, where clouds answer questions about the machine. */
const PRIVATE_IPV4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
/** RFC 4193: fc00::/7, of which URL writes all four digits of the first group. */
const PRIVATE_IPV6 = /^\[f[cd][0-9a-f]{2}:/;
/** Names that no public DNS has: single labels, RFC 6762, RFC 8375, ICANN's `.internal`, and what routers give out. */
const PRIVATE_NAME = /^(?:[^.]+|.+\.(?:local|lan|internal|home\.arpa))$/;

/** Whether a host, as `URL.hostname` writes it, is this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (IPV4.test(hostname) && hostname.startsWith('127.'));
}

/**
 * Whether a host, as `URL.hostname` writes it, is an address or a name of a private network: where people may be served
 * without TLS if the operator says so. One list, for `PUBLIC_URL` of the gateway and for the form of the plugin.
 */
export function isPrivate(hostname: string): boolean {
  if (IPV4.test(hostname)) return PRIVATE_IPV4.test(hostname);
  return hostname.startsWith('[') ? PRIVATE_IPV6.test(hostname) : PRIVATE_NAME.test(hostname) && !isLoopback(hostname);
}
