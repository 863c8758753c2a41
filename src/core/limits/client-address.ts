import ipaddr from 'ipaddr.js';

/**
 * The networks that a request counts for, narrowest first: an IPv4 address; the /64, /56 and /48 of an IPv6 address.
 */
export type CountedNetworks = readonly [string, ...string[]];

/** The sizes that one customer may get, from one network to a whole site (RFC 6177, RIPE-690). */
const IPV6_PREFIXES = [64, 56, 48] as const;

/**
 * An IPv6 address that contains an IPv4 address, as translators write it: `::ffff:0:0:0/96` (RFC 2765), the well-known
 * `64:ff9b::/96` (RFC 6052) and what operators use of `64:ff9b:1::/48` (RFC 8215). Otherwise all of IPv4 behind one of
 * them would be a single /64.
 */
const TRANSLATED = (['::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48'] as const).map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

/**
 * The networks that a request counts for. The framework has already decided whether to trust a proxy's
 * `X-Forwarded-For`. All invalid addresses count as one client.
 */
export function countedNetworks(ip: string | undefined): CountedNetworks {
  const address = parsed(ip);
  if (address === undefined) return ['unknown'];
  if (address.kind() === 'ipv4') return [address.toString()];
  const { parts } = address as ipaddr.IPv6;
  const [narrowest, ...wider] = IPV6_PREFIXES.map((bits) => `${prefixOf(parts, bits)}/${bits}`);
  return [narrowest!, ...wider];
}

function parsed(ip: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = ip === undefined ? '' : withoutPort(ip);
  if (!ipaddr.isValid(bare)) return undefined;
  const address = ipaddr.process(bare);
  if (address.kind() === 'ipv4' || !TRANSLATED.some((range) => (address as ipaddr.IPv6).match(range))) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}

/** The leading bits of eight 16-bit groups, in hexadecimal. */
function prefixOf(parts: readonly number[], bits: number): string {
  const groups = parts.slice(0, Math.ceil(bits / 16));
  const rest = bits % 16;
  return groups
    .map((group, index) => (rest > 0 && index === groups.length - 1 ? group & (0xffff << (16 - rest)) : group))
    .map((group) => (group & 0xffff).toString(16))
    .join(':');
}

/** Some load balancers write `203.0.113.7:4711` or `[2001:db8::1]:4711` into `X-Forwarded-For`. */
function withoutPort(ip: string): string {
  return /^(\d+(?:\.\d+){3}):\d+$/.exec(ip)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(ip)?.[1] ?? ip;
}
