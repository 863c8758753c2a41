import { EventEmitter } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { PluginError, type PluginClient } from '../plugin-client/index.js';
import type { PluginSettings } from '../core/plugin-protocol/index.js';
import type { AuthenticatorRegistry, Replaced } from './authenticator-registry.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import { NocoBasePoller } from './nocobase-poller.js';
import { FileWatcher } from './file-watcher.js';
import type { NocoBaseSource } from './authenticators-source.js';

/** Lets everything that waits for a resolved promise run. */
const settled = async (): Promise<void> => new Promise(setImmediate);
const hangUp = (): boolean => process.emit('SIGHUP');

/** Names only: the rest is the real registry's responsibility. */
class Registry {
  inForce: string[] = [];
  /** Replacing waits for it. */
  gate: Promise<void> = Promise.resolve();
  readonly report = jest.fn();

  all = () => this.inForce.map((name) => ({ name }));

  replace = async (settings: readonly AuthenticatorSettings[]): Promise<Replaced> => {
    await this.gate;
    const before = this.inForce;
    this.inForce = settings.map(({ name }) => name);
    return {
      changed: this.inForce.filter((name) => !before.includes(name)),
      removed: before.filter((name) => !this.inForce.includes(name)),
    };
  };
}

describe('Authenticators that are kept up to date', () => {
  let registry: Registry;
  let log: jest.SpyInstance;

  beforeEach(() => {
    registry = new Registry();
    log = jest.spyOn(Logger.prototype, 'log').mockImplementation();
    for (const level of ['warn', 'error'] as const) jest.spyOn(Logger.prototype, level).mockImplementation();
  });

  afterEach(() => jest.restoreAllMocks());

  const asRegistry = () => registry as unknown as AuthenticatorRegistry;
  const reloads = () => log.mock.calls.filter(([line]) => line.event === 'authenticators_reloaded');

  describe('by NocoBase', () => {
    /** Calls to NocoBase that are still pending. */
    let questions: { answer: (names: readonly string[]) => Promise<void>; fail: () => Promise<void> }[];
    let asked: number;
    let server: EventEmitter;
    let refresh: NocoBasePoller;

    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
      questions = [];
      asked = 0;
      server = new EventEmitter();
      const settings = async (): Promise<PluginSettings> =>
        new Promise((resolve, reject) => {
          asked += 1;
          questions.push({
            answer: async (names) => {
              const authenticators = names.map((name) => ({ name, enabled: true }));
              resolve({ authenticators } as unknown as PluginSettings);
              return settled();
            },
            fail: async () => {
              reject(new PluginError('unreachable', 'away'));
              return settled();
            },
          });
        });
      const source = { target: {}, read: ({ name }: { name: string }) => ({ name }) } as unknown as NocoBaseSource;
      const host = { httpAdapter: { getHttpServer: () => server } } as unknown as HttpAdapterHost;
      refresh = new NocoBasePoller(asRegistry(), { settings } as unknown as PluginClient, source, host);
      refresh.onApplicationBootstrap();
      server.emit('listening');
    });

    afterEach(() => {
      refresh.onApplicationShutdown();
      jest.useRealTimers();
    });

    it('are requested again after a signal that arrived during an older request', async () => {
      hangUp();
      hangUp();
      expect(asked).toBe(1);
      await questions[0]?.answer(['before']);
      expect(asked).toBe(2);
      await questions[1]?.answer(['before', 'after']);
      expect(registry.inForce).toEqual(['before', 'after']);
      expect(asked).toBe(2);
    });

    it('are requested again after a signal that arrived while the last response was applied', async () => {
      let open = (): void => undefined;
      registry.gate = new Promise((resolve) => (open = resolve));
      await questions[0]?.answer(['before']);
      hangUp();
      expect(asked).toBe(1);
      open();
      await settled();
      expect(asked).toBe(2);
    });

    it('are requested again after a signal that arrived while NocoBase turned out to be down', async () => {
      hangUp();
      await questions[0]?.fail();
      expect(asked).toBe(2);
      await questions[1]?.answer(['after']);
      expect(registry.inForce).toEqual(['after']);
    });

    it('are polled from the end of the last request, never during one', async () => {
      await questions[0]?.answer(['one']);
      await jest.advanceTimersByTimeAsync(4000);
      hangUp();
      expect(asked).toBe(2);
      // NocoBase is slow: time passes, and the timer set by the first poll is no new request.
      await jest.advanceTimersByTimeAsync(60_000);
      await questions[1]?.answer(['one']);
      expect(asked).toBe(2);
      await jest.advanceTimersByTimeAsync(4999);
      expect(asked).toBe(2);
      await jest.advanceTimersByTimeAsync(1);
      expect(asked).toBe(3);
    });

    it.each(['answer', 'fail'] as const)('stay unchanged after a stop, whatever arrives then (%s)', async (ending) => {
      hangUp();
      refresh.onApplicationShutdown();
      registry.report.mockClear();
      await questions[0]?.[ending](['late']);
      await jest.advanceTimersByTimeAsync(60_000);
      hangUp();
      expect([asked, registry.inForce, registry.report.mock.calls]).toEqual([1, [], []]);
    });

    it('are not requested if the gateway stops before it listens', () => {
      const early = new EventEmitter();
      const host = { httpAdapter: { getHttpServer: () => early } } as unknown as HttpAdapterHost;
      const settings = jest.fn();
      const plugin = { settings } as unknown as PluginClient;
      const another = new NocoBasePoller(asRegistry(), plugin, {} as NocoBaseSource, host);
      another.onApplicationBootstrap();
      another.onApplicationShutdown();
      early.emit('listening');
      expect(settings).not.toHaveBeenCalled();
    });
  });

  describe('by a file', () => {
    let names: string[];
    let reload: FileWatcher;
    const file = join(mkdtempSync(join(tmpdir(), 'up-to-date-')), 'authenticators.json');
    const read = jest.fn(() => names.map((name) => ({ name }) as AuthenticatorSettings));

    beforeEach(() => {
      writeFileSync(file, '{}');
      names = ['one'];
      registry.inForce = ['one'];
      read.mockClear();
      reload = new FileWatcher(asRegistry(), { kind: 'environment', file, read });
    });

    afterEach(() => reload.onApplicationShutdown());

    /** Delays applying new settings. @returns lets it continue */
    const hold = (): (() => Promise<void>) => {
      let open = (): void => undefined;
      registry.gate = new Promise((resolve) => (open = resolve));
      return async () => {
        open();
        return settled();
      };
    };

    it('are read again when the watch starts: the file may have changed since the process read it', async () => {
      names = ['one', 'changed-during-the-start'];
      reload.onApplicationBootstrap();
      await settled();
      expect(registry.inForce).toEqual(['one', 'changed-during-the-start']);
      expect(reloads()).toHaveLength(1);
    });

    it('are not logged at the start if nothing has changed, but after every signal', async () => {
      reload.onApplicationBootstrap();
      await settled();
      expect([read.mock.calls.length, reloads().length]).toEqual([1, 0]);
      hangUp();
      await settled();
      expect(reloads()).toHaveLength(1);
    });

    it('are read once more after signals that arrived while older settings were applied', async () => {
      reload.onApplicationBootstrap();
      await settled();
      const goOn = hold();
      hangUp();
      names = ['newest'];
      for (let i = 0; i < 20; i += 1) hangUp();
      await goOn();
      expect(registry.inForce).toEqual(['newest']);
      expect(read).toHaveBeenCalledTimes(3);
    });

    it('are not read any more after a stop', async () => {
      reload.onApplicationBootstrap();
      await settled();
      const goOn = hold();
      hangUp();
      names = ['late'];
      hangUp();
      reload.onApplicationShutdown();
      await goOn();
      hangUp();
      await settled();
      expect(registry.inForce).toEqual(['one']);
    });
  });

  it('are read once if they are variables: a secret may come from a pipe', async () => {
    const read = jest.fn(() => []);
    const reload = new FileWatcher(asRegistry(), { kind: 'environment', file: undefined, read });
    reload.onApplicationBootstrap();
    await settled();
    expect(read).not.toHaveBeenCalled();
    hangUp();
    await settled();
    expect(read).toHaveBeenCalledTimes(1);
    reload.onApplicationShutdown();
  });
});
