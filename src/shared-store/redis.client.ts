import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { RedisSettings } from './redis.config.js';

/** A driver that speaks to one Redis at a time, wherever that is now. */
export type RedisClient = Redis | Cluster;

/** How the driver behaves, whatever it is connected to. */
export type Manners = Pick<
  RedisOptions,
  'lazyConnect' | 'commandTimeout' | 'connectTimeout' | 'maxRetriesPerRequest'
> & { readonly retry: (times: number) => number | null };

/** The driver is loaded only where there is a Redis. */
export async function redisClient(
  { mode, nodes, master, sentinelPassword }: RedisSettings,
  { retry, lazyConnect = false, ...manners }: Manners,
): Promise<RedisClient> {
  const { Cluster: ClusterClient, Redis: Client } = await import('ioredis');
  const [first] = nodes;
  const { tls, ...login } = loginOf(first);
  const options = { ...manners, ...login, ...(tls ? { tls: {} } : {}) };
  // While the driver looks for a master or for the nodes, it would keep commands without any time limit.
  const enableOfflineQueue = false;
  switch (mode) {
    case 'single':
      return new Client(first, { ...manners, lazyConnect, retryStrategy: retry });
    case 'sentinel':
      return new Client({
        ...options,
        lazyConnect,
        enableOfflineQueue,
        retryStrategy: retry,
        sentinels: nodes.map(hostOf),
        name: master ?? '',
        sentinelRetryStrategy: retry,
        ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
        ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      });
    default:
      return new ClusterClient(nodes.map(hostOf), {
        lazyConnect,
        enableOfflineQueue,
        redisOptions: options,
        clusterRetryStrategy: retry,
        slotsRefreshTimeout: manners.connectTimeout ?? 1000,
        // A certificate is for the name that a node goes by, not for its number.
        ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
      });
  }
}

function loginOf(node: string): { username?: string; password?: string; db?: number; tls: boolean } {
  const { protocol, username, password, pathname } = new URL(node);
  return {
    tls: protocol === 'rediss:',
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(/^\/\d+$/.test(pathname) ? { db: Number(pathname.slice(1)) } : {}),
  };
}

function hostOf(node: string): { host: string; port: number } {
  const { hostname, port } = new URL(node);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 6379 };
}
