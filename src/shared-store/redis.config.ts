import { type Environment, FromFile, List, OneOf, readEnvironment, Rule } from '../config/index.js';

/** One Redis, those that Sentinel watches, or a cluster. */
export interface RedisSettings {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  /** `redis://` or `rediss://` addresses, with the user and the password that Redis takes at all of them. */
  readonly nodes: readonly [string, ...string[]];
  /** How Sentinel calls the master. */
  readonly master?: string;
  /** Of the sentinels themselves. */
  readonly sentinelPassword?: string;
}

class RedisEnvironment {
  @FromFile()
  @List()
  @Rule(
    'must be a redis:// or rediss:// address: with its host, special characters of user and password escaped (%40 for @, %23 for #), and nothing but the number of a database as its path',
    (value) => Array.isArray(value) && value.every((node) => isNode(String(node))),
  )
  @Rule('must be one address; several are for REDIS_MODE=sentinel or cluster', (value, environment) => {
    return !Array.isArray(value) || value.length === 1 || modeOf(environment) !== 'single';
  })
  @Rule('must name no database for REDIS_MODE=cluster: a cluster has only one', (value, environment) => {
    return !Array.isArray(value) || modeOf(environment) !== 'cluster' || value.every((node) => !hasDatabase(node));
  })
  @Rule('must have the same scheme, user, password and database in all its addresses', (value) => {
    return !Array.isArray(value) || new Set(value.map((node) => withoutHost(String(node)))).size <= 1;
  })
  REDIS_URL?: string[];

  @OneOf('single', 'sentinel', 'cluster')
  @Rule(
    'needs REDIS_URL',
    (value, environment) => value === 'single' || Reflect.get(environment, 'REDIS_URL') !== undefined,
  )
  REDIS_MODE: 'single' | 'sentinel' | 'cluster' = 'single';

  // A rule sees only what is there, so the default stands for a name that is missing.
  @Rule('is required for REDIS_MODE=sentinel: the name under which the sentinels watch the master', (value, given) => {
    return value !== '' || modeOf(given) !== 'sentinel';
  })
  REDIS_SENTINEL_MASTER: string = '';

  @FromFile()
  @Rule('is for REDIS_MODE=sentinel', (_value, environment) => modeOf(environment) === 'sentinel')
  REDIS_SENTINEL_PASSWORD?: string;
}

/** @returns undefined where no Redis is configured */
export function readRedisSettings(environment: Environment): RedisSettings | undefined {
  const read = readEnvironment(RedisEnvironment, environment);
  if (read.REDIS_URL === undefined) return undefined;
  return {
    mode: read.REDIS_MODE,
    nodes: read.REDIS_URL as [string, ...string[]],
    ...(read.REDIS_MODE === 'sentinel' ? { master: read.REDIS_SENTINEL_MASTER } : {}),
    ...(read.REDIS_SENTINEL_PASSWORD === undefined ? {} : { sentinelPassword: read.REDIS_SENTINEL_PASSWORD }),
  };
}

const modeOf = (environment: object): unknown => Reflect.get(environment, 'REDIS_MODE');

/** What the driver reads as it was meant: `redis://:p@ss#w@host` would be the password `p` at the host `ss`. */
function isNode(node: string): boolean {
  if (!/^rediss?:\/\/[^\s\\?#]+$/.test(node)) return false;
  try {
    const { hostname, pathname, username, password } = new URL(node);
    decodeURIComponent(username + password);
    const authority = node.replace(/^\w+:\/\//, '').replace(/\/.*$/, '');
    return hostname !== '' && /^(?:\/\d{0,4})?$/.test(pathname) && authority.split('@').length <= 2;
  } catch {
    return false;
  }
}

function hasDatabase(node: string): boolean {
  return /^\/[1-9]/.test(new URL(node).pathname);
}

function withoutHost(node: string): string {
  if (!isNode(node)) return '';
  const { protocol, username, password, pathname } = new URL(node);
  return JSON.stringify([protocol, username, password, pathname.replace(/^\/0?$/, '')]);
}
