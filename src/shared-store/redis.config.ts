import { type Environment, fromEnvironment } from '../config/index.js';
import { choice, list, rule, secret, section, text, withoutTrailingNewline } from '../core/settings/index.js';
import { ofVariable } from '../core/texts/index.js';

/** A single Redis, one behind Sentinel, or a cluster. */
export interface RedisSettings {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  /** `redis://` or `rediss://` addresses, with the same user and password at all of them. */
  readonly nodes: readonly [string, ...string[]];
  /** Sentinel's name for the master. */
  readonly master?: string;
  /** Of the sentinels themselves. */
  readonly sentinelPassword?: string;
}

const redis = section(
  'redis',
  {
    url: list({
      fromFile: withoutTrailingNewline,
      rules: [
        rule(
          'must be a redis:// or rediss:// address: with its host, special characters of user and password escaped (%40 for @, %23 for #), and nothing but the number of a database as its path',
          (nodes: readonly string[]) => nodes.every(isNode),
        ),
        rule(
          'must have the same scheme, user, password and database in all its addresses',
          (nodes: readonly string[]) => new Set(nodes.map(withoutHost)).size === 1,
        ),
      ],
    }),
    mode: choice(['single', 'sentinel', 'cluster'], { default: 'single' }),
    sentinelMaster: text({}),
    sentinelPassword: secret({}),
  },
  [
    {
      of: 'url',
      said: ofVariable('must name no database for REDIS_MODE=cluster: a cluster has only one'),
      holds: ({ url = [], mode }) => mode !== 'cluster' || !url.some(hasDatabase),
    },
    {
      of: 'url',
      said: ofVariable('must be one address; several are for REDIS_MODE=sentinel or cluster'),
      holds: ({ url = [], mode }) => mode !== 'single' || url.length <= 1,
    },
    {
      of: 'mode',
      said: ofVariable('needs REDIS_URL'),
      holds: ({ url, mode }) => mode === 'single' || url !== undefined,
    },
    {
      of: 'sentinelMaster',
      said: ofVariable('is required for REDIS_MODE=sentinel: the name under which the sentinels monitor the master'),
      holds: ({ sentinelMaster, mode }) => mode !== 'sentinel' || sentinelMaster !== undefined,
    },
    {
      of: 'sentinelPassword',
      said: ofVariable('is used only with REDIS_MODE=sentinel'),
      holds: ({ sentinelPassword, mode }) => mode === 'sentinel' || sentinelPassword === undefined,
    },
  ],
);

/** @returns undefined if no Redis is configured */
export function readRedisSettings(environment: Environment): RedisSettings | undefined {
  const { url, mode, sentinelMaster, sentinelPassword } = fromEnvironment(redis, environment);
  if (url === undefined) return undefined;
  return {
    mode,
    nodes: url as readonly [string, ...string[]],
    ...(mode === 'sentinel' && sentinelMaster !== undefined ? { master: sentinelMaster } : {}),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  };
}

/**
 * Only addresses that the driver parses as intended: `redis://:p@ss#w@host` would be the password `p` at the host `ss`.
 */
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
  const { protocol, username, password, pathname } = new URL(node);
  return JSON.stringify([protocol, username, password, pathname.replace(/^\/0?$/, '')]);
}
