import { createHash } from 'node:crypto';
import type { Application, Cache } from '@nocobase/server';

/** What is good once and for a short time, in NocoBase's cache. */
export class Once {
  private constructor(
    private readonly app: Application,
    private readonly cache: Cache,
  ) {}

  static async in(app: Application): Promise<Once> {
    return new Once(app, await app.cacheManager.createCache({ name: 'dingtalk', prefix: 'dingtalk' }));
  }

  /** @returns whether nobody used it before */
  async use(what: string, ttlMs: number): Promise<boolean> {
    return this.exclusively(what, async (key) => {
      if ((await this.cache.get(key)) === 'used') return false;
      await this.cache.set(key, 'used', ttlMs);
      return true;
    });
  }

  async remember(what: string, value: string, ttlMs: number): Promise<void> {
    await this.cache.set(keyOf(what), value, ttlMs);
  }

  async knows(what: string): Promise<boolean> {
    return typeof (await this.cache.get(keyOf(what))) === 'string';
  }

  /** @returns what was remembered, to the first who asks */
  async take(what: string): Promise<string | undefined> {
    return this.exclusively(what, async (key) => {
      const value = await this.cache.get(key);
      await this.cache.del(key);
      return typeof value === 'string' ? value : undefined;
    });
  }

  private async exclusively<T>(what: string, work: (key: string) => Promise<T>): Promise<T> {
    // One lock for all: NocoBase's own adapter never forgets the name of one.
    return this.app.lockManager.runExclusive(`${this.app.name}:dingtalk`, async () => work(keyOf(what)), 5000);
  }
}

function keyOf(what: string): string {
  return createHash('sha256').update(what).digest('base64url');
}
