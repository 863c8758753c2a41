import { isIP } from 'node:net';
import { rule } from './setting.js';

/** Named ranges of `proxy-addr`, which Fastify and Express use to trust proxies. */
const NAMED_RANGES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses or CIDR ranges of proxies, in the format of Fastify's `trustProxy`. */
export const ADDRESS_RANGES = rule(
  'must list IP addresses or CIDR ranges, separated by commas',
  (ranges: readonly string[]) => ranges.every(isAddressRange),
);

/** Whether it identifies trusted proxies: a range as above, or a named range. */
export function isProxyRange(range: string): boolean {
  return NAMED_RANGES.includes(range) || isAddressRange(range);
}

/** Not `/0`, which would be everyone, and which Fastify refuses. */
function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
