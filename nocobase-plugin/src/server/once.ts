import { createHash } from 'node:crypto';
import type { Application, Cache } from '@nocobase/server';

/** One-time values with a short lifetime, in NocoBase's cache. */
export class Once {
  private constructor(
    private readonly app: Application,
    private readonly cache: Cache,
  ) {}

  static async in(app: Application): Promise<Once> {
    return new Once(app, await app.cacheManager.createCache({ name: 'dingtalk', prefix: 'dingtalk' }));
  }

  /** @returns whether this is the first use */
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

  /** @returns the remembered value, to the first caller only */
  async take(what: string): Promise<string | undefined> {
    return this.exclusively(what, async (key) => {
      const value = await this.cache.get(key);
      await this.cache.del(key);
      return typeof value === 'string' ? value : undefined;
    });
  }

  private async exclusively<T>(what: string, work: (key: string) => Promise<T>): Promise<T> {
    // One lock for all values: NocoBase's own adapter never releases the memory of a lock's name.
    return this.app.lockManager.runExclusive(`${this.app.name}:dingtalk`, async () => work(keyOf(what)), 5000);
  }
}

function keyOf(what: string): string {
  return createHash('sha256').update(what).digest('base64url');
}
