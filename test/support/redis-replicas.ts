import { Redis } from 'ioredis';
import { RedisConnection } from '../../src/shared-store/redis.connection.js';
import { TestRedis } from './redis.js';

/** One Redis for the calling suite, empty before each test; connections that replicas open are closed after each. */
export class RedisOfReplicas {
  server!: TestRedis;
  /** The test's own connection. */
  watch!: Redis;
  private readonly connections: RedisConnection[] = [];

  constructor(program: string) {
    beforeAll(async () => {
      this.server = await TestRedis.start(program);
      this.watch = new Redis(this.server.url, { maxRetriesPerRequest: 1 });
      this.watch.on('error', () => undefined);
    });
    beforeEach(async () => this.watch.flushall());
    afterEach(async () => {
      await Promise.all(this.connections.splice(0).map(async (connection) => connection.onApplicationShutdown()));
    });
    afterAll(async () => {
      this.watch?.disconnect();
      await this.server?.stop();
    });
  }

  get latest(): RedisConnection {
    return this.connections.at(-1)!;
  }

  /** As for a replica that has been up for a while. */
  async connect(url = this.server.url): Promise<RedisConnection> {
    const connection = await RedisConnection.open({ mode: 'single', nodes: [url] });
    this.connections.push(connection);
    await connection.client!.ping();
    return connection;
  }
}
