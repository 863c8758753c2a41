import { isIP } from 'node:net';
import { rule } from '../core/settings/index.js';

/** Addresses or CIDR ranges of proxies, as Fastify's `trustProxy` takes them. */
export const ADDRESS_RANGES = rule(
  'must list IP addresses or CIDR ranges, separated by commas',
  (ranges: readonly string[]) => ranges.every(isAddressRange),
);

/** Not `/0`, which would be everybody and which Fastify refuses. */
function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
