import ipaddr from 'ipaddr.js';

/** Ranges by the names that `proxy-addr`, by which Express and Fastify trust proxies, has for them. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** `::ffff:127.0.0.1` is 127.0.0.1; undefined where it is no address. */
export function plainAddress(address: string | undefined): string | undefined {
  return address !== undefined && ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}

/** Whether the `X-Forwarded-For` of this address counts. @param ranges addresses, CIDR ranges and names */
export function isTrustedPeer(peer: string, ranges: readonly string[]): boolean {
  const address = ipaddr.process(peer);
  return ranges
    .flatMap((range) => NAMED[range] ?? [range])
    .some((range) => {
      if (!range.includes('/')) return plainAddress(range) === peer;
      const [network, bits] = ipaddr.parseCIDR(range);
      return network.kind() === address.kind() && address.match(network, bits);
    });
}

/** Whether it is an address of one's own network: one that an operator may be asked to trust. */
export function isInsideAddress(peer: string): boolean {
  const inside = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat', 'linkLocal'];
  return inside.includes(ipaddr.process(peer).range());
}
