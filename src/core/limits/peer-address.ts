import ipaddr from 'ipaddr.js';

/** The address at the other end of a connection: `::ffff:127.0.0.1` is 127.0.0.1; undefined where it is none. */
export function plainAddress(address: string | undefined): string | undefined {
  return address !== undefined && ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}

/** Whether it is an address of one's own network: one that an operator may be asked to trust. */
export function isInsideAddress(address: string): boolean {
  const inside = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat', 'linkLocal'];
  return inside.includes(ipaddr.process(address).range());
}
