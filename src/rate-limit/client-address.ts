import ipaddr from 'ipaddr.js';

/**
 * Whom a request counts for: an IPv4 address, or the /64 of an IPv6 address, which is what one customer gets
 * (RFC 6177). The framework has decided already whether a proxy's `X-Forwarded-For` counts.
 */
export function countedAddress(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).parts.slice(0, 4).join(':');
}
