import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { RedisSettings } from './redis.config.js';
import { isReadOnly } from './redis-error-log.js';

/** A driver connected to one Redis at a time, or to a cluster. */
export type RedisClient = Redis | Cluster;

/** The driver's behaviour, whatever it is connected to. */
export type Manners = Pick<
  RedisOptions,
  'lazyConnect' | 'commandTimeout' | 'connectTimeout' | 'maxRetriesPerRequest'
> & { readonly retry: (times: number) => number | null };

/**
 * The driver is loaded only if a Redis is configured. After READONLY it connects again, to whatever is the master now,
 * and rejects the command: the driver's own resending (`reconnectOnError` returning 2) has no end while Redis stays
 * read-only. In a cluster the driver follows the slots.
 */
export async function redisClient(
  { mode, nodes, master, sentinelPassword }: RedisSettings,
  { retry, lazyConnect = false, ...manners }: Manners,
): Promise<RedisClient> {
  const { Cluster: ClusterClient, Redis: Client } = await import('ioredis');
  const [first] = nodes;
  const { tls, ...login } = loginOf(first);
  const options = { ...manners, ...login, ...(tls ? { tls: {} } : {}) };
  // While the driver looks for a master or for the nodes, it would queue commands without any timeout.
  const enableOfflineQueue = false;
  switch (mode) {
    case 'single':
      return new Client(first, { ...manners, lazyConnect, retryStrategy: retry, reconnectOnError: isReadOnly });
    case 'sentinel':
      return new Client({
        ...options,
        lazyConnect,
        enableOfflineQueue,
        retryStrategy: retry,
        reconnectOnError: isReadOnly,
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
        // A certificate is issued for a node's name, not for its address.
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
