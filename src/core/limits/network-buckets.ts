import { createHmac, hkdfSync } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type CountedNetworks, countedNetworks } from './client-address.js';

/** Number of buckets for networks. It bounds memory and Redis keys, however many addresses an attacker has. */
const BUCKETS = 65_536;
/** Cache size: addresses whose buckets are known. Longer texts are no addresses. */
const KNOWN_ADDRESSES = 2000;
const MAX_ADDRESS_LENGTH = 64;

/** Wider networks are allowed a multiple of one address's limit. */
export const SHARES_OF_NETWORKS = [1, 2, 4] as const;

/** Numbers for an address and the networks around it, narrowest first. They identify no one. */
export class NetworkBuckets {
  private readonly key: Uint8Array;
  private readonly known = new LRUCache<string, CountedNetworks>({ max: KNOWN_ADDRESSES });

  /** @param secret the same at all replicas: without it, anyone could compute which addresses share a bucket */
  constructor(secret: string) {
    this.key = new Uint8Array(hkdfSync('sha256', secret, '', 'rate limit buckets', 32));
  }

  of(ip = ''): CountedNetworks {
    const known = this.known.get(ip);
    if (known !== undefined) return known;
    const [narrowest, ...wider] = countedNetworks(ip);
    const buckets: CountedNetworks = [this.bucket(narrowest), ...wider.map((network) => this.bucket(network))];
    if (ip.length <= MAX_ADDRESS_LENGTH) this.known.set(ip, buckets);
    return buckets;
  }

  private bucket(network: string): string {
    return String(createHmac('sha256', this.key).update(network).digest().readUInt32BE(0) % BUCKETS);
  }
}
