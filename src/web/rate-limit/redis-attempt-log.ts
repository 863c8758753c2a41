import { AttemptLog, BUSY, FREE, type Leave, REFUSED_FOR_MS } from '../../core/limits/index.js';
import { type RedisConnection } from '../../shared-store/index.js';

/** Longer than any sign-in takes: the attempts of a process that died are forgotten. */
const RUNNING_FOR_MS = 20_000;

/** Both sets of a network have members scored by the time at which they expire, on the clock of Redis. */
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) `;
const BEGIN = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local refused = redis.call('ZCARD', KEYS[2])
local limit = tonumber(ARGV[2])
if refused >= limit then return redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] - now end
if refused + redis.call('ZCARD', KEYS[1]) >= limit then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return -1`;
const END = `${NOW}
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] == '1' then
  redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end`;

/** Shared by all replicas. While Redis is down it permits every attempt: each process still has a log of its own. */
export class RedisAttemptLog extends AttemptLog {
  constructor(private readonly client: NonNullable<RedisConnection['client']>) {
    super();
  }

  override async begin(network: string, id: string, limit: number): Promise<Leave> {
    const answer = await this.run(BEGIN, network, [id, limit, RUNNING_FOR_MS]);
    if (answer === 0) return BUSY;
    return typeof answer === 'number' && answer > 0 ? { kind: 'spent', waitMs: answer } : FREE;
  }

  override async end(network: string, id: string, isRefused: boolean): Promise<void> {
    await this.run(END, network, [id, isRefused ? 1 : 0, REFUSED_FOR_MS]);
  }

  private async run(script: string, network: string, values: (string | number)[]): Promise<unknown> {
    if (this.client.status !== 'ready') return undefined;
    // The braces keep both keys on one node of a cluster.
    const key = `sign-in-gateway:codes:{${network}}`;
    return this.client.eval(script, 2, `${key}:running`, `${key}:refused`, ...values).catch(() => undefined);
  }
}
