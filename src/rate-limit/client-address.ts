import ipaddr from 'ipaddr.js';

/**
 * Whom a request counts for: an IPv4 address, or the /64 of an IPv6 address, which is what one customer gets
 * (RFC 6177). The framework has decided already whether a proxy's `X-Forwarded-For` counts.
 */
export function countedAddress(ip: string | undefined): string {
  const bare = ip === undefined ? '' : withoutPort(ip);
  if (!ipaddr.isValid(bare)) return 'unknown';
  const address = ipaddr.process(bare);
  return address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).parts.slice(0, 4).join(':');
}

/** Some load balancers write `203.0.113.7:4711` or `[2001:db8::1]:4711` into `X-Forwarded-For`. */
function withoutPort(ip: string): string {
  return /^(\d+(?:\.\d+){3}):\d+$/.exec(ip)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(ip)?.[1] ?? ip;
}
