import { Logger } from '@nestjs/common';
import type { AuthenticatorRegistry, AuthenticatorSettings } from '../authenticators/index.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';
import type { PluginClient } from '../plugin-client/index.js';
import type { RedisConnection } from '../shared-store/index.js';
import type { Telemetry } from '../telemetry/index.js';
import { LeaversService } from './leavers.service.js';

const SETTINGS = {
  name: 'dingtalk',
  dingtalk: { clientId: 'client', clientSecret: 'no-secret', corpIds: [], leavers: 'report', events: 'off' },
  nocobase: { handOff: 'stock', url: 'http://nocobase.example', app: 'main', authenticator: 'dingtalk' },
  accounts: { protectedRoles: [] },
} as unknown as AuthenticatorSettings;

afterEach(() => jest.restoreAllMocks());

/** A service for one authenticator whose settings change. */
function setUp(settings: AuthenticatorSettings) {
  const state = { inForce: settings, replaced: (): void => undefined };
  const registry = {
    all: () => [{ name: 'dingtalk' }],
    settingsOf: () => state.inForce,
    find: () => undefined,
    onReplaced: (then: () => void) => (state.replaced = then),
  } as unknown as AuthenticatorRegistry;
  const service = new LeaversService(
    registry,
    {} as PluginClient,
    { client: undefined } as RedisConnection,
    { count: () => undefined } as unknown as Telemetry,
    { publicUrl: 'https://gateway.example', stateFolder: '/nowhere/at/all', source: { kind: 'environment' } },
  );
  return { service, state };
}

let warn: jest.SpyInstance;
beforeEach(() => (warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue()));

it('unregisters its upstreams when settings change and when it ends', async () => {
  const retire = jest.spyOn(UpstreamHttpClient.prototype, 'retire');
  const { service, state } = setUp(SETTINGS);
  service.start();
  state.replaced();
  const atFirst = retire.mock.calls.length;
  state.inForce = { ...SETTINGS };
  state.replaced();
  const afterChange = retire.mock.calls.length;
  await service.onApplicationShutdown();
  // To DingTalk, and to NocoBase.
  expect([atFirst, afterChange, retire.mock.calls.length]).toEqual([0, 2, 4]);
});

it('prevents nothing if it cannot watch, and says so once', async () => {
  const odd = { ...SETTINGS, dingtalk: { ...SETTINGS.dingtalk, corpIds: undefined } };
  const { service, state } = setUp(odd as unknown as AuthenticatorSettings);
  service.start();
  expect(() => state.replaced()).not.toThrow();
  await service.onApplicationShutdown();
  const lines = warn.mock.calls.map(([line]) => line as { event: string });
  expect(lines.filter(({ event }) => event === 'leaver_watch_failed')).toHaveLength(1);
});
