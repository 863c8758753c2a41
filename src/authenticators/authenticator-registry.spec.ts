import { Module } from '@nestjs/common';
import { RefusedCodes } from '../core/limits/index.js';
import { InProcessOneTimeStore, RedisConnection } from '../shared-store/index.js';
import { OneTimeStore } from '../core/sign-in/index.js';
import { Telemetry } from '../telemetry/index.js';
import { PrometheusMetrics } from '../telemetry/prometheus-metrics.js';
import { AuthenticatorRegistry } from './authenticator-registry.js';
import { readAuthenticator } from './authenticator-settings.js';
import type { SharedByAuthenticators } from './sign-in.module.js';

@Module({})
class LentModule {}

/** No one listens there: the first call fails at once. */
const settingsOf = (clientId: string) =>
  readAuthenticator({
    PUBLIC_URL: 'https://sso.example.com',
    DINGTALK_CLIENT_ID: clientId,
    DINGTALK_CLIENT_SECRET: 'none',
    DINGTALK_API_URL: 'http://127.0.0.1:9',
    NOCOBASE_URL: 'http://127.0.0.1:10',
    NOCOBASE_API_TOKEN: 'none',
    NOCOBASE_JWT_SECRET: 'a-secret-of-nocobase-for-this-test',
  });

describe('Authenticators that are replaced', () => {
  it('unregister their upstreams; those that stay keep theirs', async () => {
    const metrics = new PrometheusMetrics({ authenticators: [], version: '1.0.0' });
    const redis = new RedisConnection(undefined);
    const providers = [
      { provide: OneTimeStore, useValue: new InProcessOneTimeStore() },
      { provide: RedisConnection, useValue: redis },
      { provide: RefusedCodes, useValue: new RefusedCodes('a secret') },
      { provide: Telemetry, useValue: new Telemetry(metrics, undefined) },
    ];
    const shared: SharedByAuthenticators = {
      publicUrl: 'https://sso.example.com',
      cookieSecrets: ['a-cookie-secret-for-tests-and-not-a-real-one'],
      transactionTtlSeconds: 600,
      lent: {
        module: LentModule,
        global: true,
        providers,
        exports: [OneTimeStore, RedisConnection, RefusedCodes, Telemetry],
      },
    };
    const registry = await AuthenticatorRegistry.create(
      [settingsOf('before')],
      shared,
      new Telemetry(metrics, undefined),
    );
    const watched = async () => (await metrics.text()).includes('gateway_upstream_circuit_state{upstream="DingTalk"}');
    await expect(registry.default?.checkProvider()).rejects.toThrow('ECONNREFUSED');
    expect(await watched()).toBe(true);

    expect(await registry.replace([settingsOf('before')])).toEqual({ changed: [], removed: [] });
    expect(await watched()).toBe(true);

    expect(await registry.replace([settingsOf('after')])).toEqual({ changed: ['dingtalk'], removed: [] });
    expect(await watched()).toBe(false);
    await expect(registry.default?.checkProvider()).rejects.toThrow('ECONNREFUSED');
    expect(await watched()).toBe(true);

    expect(await registry.replace([])).toEqual({ changed: [], removed: ['dingtalk'] });
  }, 20_000);
});
