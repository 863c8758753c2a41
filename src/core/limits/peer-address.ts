import ipaddr from 'ipaddr.js';

/** The address of a connection's peer: `::ffff:127.0.0.1` is 127.0.0.1; undefined if it is invalid. */
export function plainAddress(address: string | undefined): string | undefined {
  return address !== undefined && ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}

/** Whether it is an address of a private network, which an operator may be asked to trust. */
export function isInsideAddress(address: string): boolean {
  const inside = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat', 'linkLocal'];
  return inside.includes(ipaddr.process(address).range());
}
