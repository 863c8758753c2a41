import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AppToken, AppTokenStore as AppTokenStorePort } from '../core/dingtalk/index.js';
import { Seal } from '../core/sealed/index.js';
import { RedisConnection } from '../shared-store/index.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';

const stored = z.object({ value: z.string().min(1), usableUntil: z.number() });

/**
 * Shares the app access token among replicas, sealed with a key that only they can derive: one application, one token.
 * No sign-in fails because of Redis: without it, each replica asks DingTalk, which returns the same token.
 */
@Injectable()
export class AppTokenStore implements AppTokenStorePort {
  private readonly redisKey: string;
  private readonly seal: Seal<typeof stored>;

  constructor(
    private readonly redis: RedisConnection,
    @Inject(DINGTALK_OPTIONS) { clientId, clientSecret }: DingTalkOptions,
  ) {
    const identity = createHash('sha256')
      .update(JSON.stringify([clientId, clientSecret]))
      .digest('hex')
      .slice(0, 32);
    this.redisKey = `sign-in-gateway:app-token:${identity}`;
    this.seal = new Seal([clientSecret], 'app access token store', stored);
  }

  async read(): Promise<AppToken | undefined> {
    try {
      const sealed = await this.redis.client?.get(this.redisKey);
      if (!sealed) return undefined;
      const token = await this.seal.open(sealed);
      return token !== undefined && token.usableUntil > Date.now() ? token : undefined;
    } catch {
      return undefined;
    }
  }

  async write(token: AppToken): Promise<void> {
    const { client } = this.redis;
    if (client === undefined) return;
    const ttlSeconds = Math.ceil((token.usableUntil - Date.now()) / 1000);
    const sealed = await this.seal.seal(token, ttlSeconds);
    await client.set(this.redisKey, sealed, 'PXAT', token.usableUntil).catch(() => undefined);
  }

  /** Only this token: another replica may have stored a new one. */
  async forget(token: AppToken): Promise<void> {
    if ((await this.read())?.value !== token.value) return;
    await this.redis.client?.del(this.redisKey).catch(() => undefined);
  }
}
