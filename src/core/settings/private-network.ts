/** A host as normalized by `URL`: one that ends in a number is an IPv4 address (WHATWG URL, section 3.5). */
const IPV4 = /^\d+(?:\.\d+){3}$/;
/** RFC 1918, RFC 6598; not the link-local addresses, where clouds provide metadata about the machine. */
const PRIVATE_IPV4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
/** RFC 4193: fc00::/7; `URL` writes all four digits of the first group. */
const PRIVATE_IPV6 = /^\[f[cd][0-9a-f]{2}:/;
/**
 * Names that are in no public DNS: single labels, RFC 6762, RFC 8375, ICANN's `.internal`, and those that routers
 * assign.
 */
const PRIVATE_NAME = /^(?:[^.]+|.+\.(?:local|lan|internal|home\.arpa))$/;

/** Whether a host, as in `URL.hostname`, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (IPV4.test(hostname) && hostname.startsWith('127.'));
}

/**
 * Whether a host, as in `URL.hostname`, is an address or a name of a private network, where the operator may allow
 * sign-ins without TLS. One list, for the gateway's `PUBLIC_URL` and for the plugin's form.
 */
export function isPrivate(hostname: string): boolean {
  if (IPV4.test(hostname)) return PRIVATE_IPV4.test(hostname);
  return hostname.startsWith('[') ? PRIVATE_IPV6.test(hostname) : PRIVATE_NAME.test(hostname) && !isLoopback(hostname);
}
