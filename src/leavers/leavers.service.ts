import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AuthenticatorRegistry, type AuthenticatorSettings } from '../authenticators/index.js';
import { Paces } from '../core/dingtalk/index.js';
import type { LeaverMode } from '../core/leavers/index.js';
import { EventListeners, EventStreams, type PushAnswer } from '../core/organization-events/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';
import { boundUsers, type NocoBaseClientOptions } from '../nocobase-client/index.js';
import { PluginClient } from '../plugin-client/index.js';
import { RedisConnection } from '../shared-store/index.js';
import { Telemetry } from '../telemetry/index.js';
import { upstreamOfItsOwn } from '../upstream/index.js';
import { LeaverMemories } from './leaver-memories.js';
import { LEAVERS_OPTIONS, type LeaversOptions } from './leavers.options.js';
import { PluginLeaverBook } from './plugin-leaver-book.js';
import { type AtPlugin, PluginModes } from './plugin-modes.js';
import { RunningWatch } from './running-watch.js';
import { MAX_PEOPLE } from './stock/leaver-records.js';
import { StockLeaverBook } from './stock/stock-leaver-book.js';
import { WatchLog } from './watch-log.js';

/** How often the plugin is asked for its form's mode, if it is not polled for the authenticators anyway. */
const LOOK_AT_FORM_MS = 30_000;

interface Entry {
  readonly settings: AuthenticatorSettings;
  readonly mode: LeaverMode;
  readonly running: RunningWatch;
  /** Its clients for DingTalk and NocoBase. */
  readonly calls: readonly UpstreamHttpClient[];
}

/**
 * Watches who leaves the organizations, for each active authenticator: a watch starts and ends with it, and restarts
 * when its settings change. No sign-in and no readiness depends on it.
 */
@Injectable()
export class LeaversService implements OnApplicationShutdown {
  private readonly memories: LeaverMemories;
  private readonly paces = new Paces();
  private readonly listeners = new EventListeners();
  private readonly streams: EventStreams;
  private readonly modes: PluginModes;
  private readonly entries = new Map<string, Entry>();
  private readonly toldOff = new Set<string>();
  private readonly impossible = new WeakSet<AuthenticatorSettings>();
  private readonly stopping = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private isStarted = false;

  constructor(
    private readonly registry: AuthenticatorRegistry,
    private readonly plugin: PluginClient,
    private readonly redis: RedisConnection,
    private readonly telemetry: Telemetry,
    @Inject(LEAVERS_OPTIONS) private readonly options: LeaversOptions,
  ) {
    this.memories = new LeaverMemories(redis.client, options.stateFolder, (authenticator) =>
      this.logOf(authenticator).notice('leavers_not_all_kept', { people: MAX_PEOPLE }),
    );
    this.streams = new EventStreams(upstreamOfItsOwn(telemetry), this.listeners);
    this.modes = new PluginModes(plugin);
  }

  /** Called by the process that serves, not by commands or by applications that import a module. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.registry.onReplaced(() => this.follow());
    this.timer = setInterval(() => void this.lookAtForms(), LOOK_AT_FORM_MS).unref();
    void this.lookAtForms();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStarted = false;
    clearInterval(this.timer);
    for (const name of this.entries.keys()) this.end(name);
    await Promise.all(this.stopping);
  }

  /** Receives a call from DingTalk for this authenticator; undefined if none is expected. */
  async receive(
    authenticator: string,
    received: { readonly query: unknown; readonly body: unknown },
  ): Promise<PushAnswer | undefined> {
    return this.entries.get(authenticator)?.running.receive(received);
  }

  /** Starts and stops watches to match the active authenticators. */
  private follow(): void {
    if (!this.isStarted) return;
    const wanted = this.registry.all().flatMap(({ name }) => this.registry.settingsOf(name) ?? []);
    for (const [name, { settings, mode }] of this.entries) {
      const now = wanted.find((one) => one.name === name);
      // Unchanged settings are the same object.
      if (now !== settings || this.modeOf(settings) !== mode) this.end(name);
    }
    for (const settings of wanted) {
      const mode = this.modeOf(settings) ?? 'off';
      if (mode !== 'off' && !this.entries.has(settings.name)) this.beginIfPossible(settings, mode);
    }
    this.telemetry.count((metrics) => metrics.leaversWatched([...this.entries.keys()]));
  }

  private async lookAtForms(): Promise<void> {
    const asked = this.registry.all().flatMap(({ name }) => {
      const settings = this.registry.settingsOf(name);
      const at = settings && this.decidedElsewhere(settings);
      return at === undefined ? [] : [at];
    });
    if (asked.length > 0) {
      const [failure] = await this.modes.refresh(asked);
      if (failure !== undefined) this.logOf(asked[0]!.name).failed('state', failure);
      for (const at of asked) this.tellOff(at);
    }
    this.follow();
  }

  /** Undefined: not known yet. */
  private modeOf(settings: AuthenticatorSettings): LeaverMode | undefined {
    const at = this.decidedElsewhere(settings);
    return at === undefined ? settings.dingtalk.leavers : this.modes.of(at);
  }

  /** With the plugin its form decides; if the settings come from the form, they contain the mode. */
  private decidedElsewhere({ name, nocobase }: AuthenticatorSettings): AtPlugin | undefined {
    if (nocobase.handOff !== 'ticket' || this.options.source.kind === 'nocobase') return undefined;
    return { name, target: nocobase };
  }

  private tellOff(at: AtPlugin): void {
    if (this.modes.of(at) !== 'off') this.toldOff.delete(at.name);
    else if (!this.toldOff.has(at.name)) {
      this.toldOff.add(at.name);
      this.logOf(at.name).notice('leavers_not_watched', { reason: 'plugin_says_off' });
    }
  }

  /** A problem with one of them prevents neither the process nor the activation of settings. */
  private beginIfPossible(settings: AuthenticatorSettings, mode: LeaverMode): void {
    if (this.impossible.has(settings)) return;
    try {
      this.begin(settings, mode);
    } catch (error) {
      this.impossible.add(settings);
      this.logOf(settings.name).failed('state', error);
    }
  }

  private begin(settings: AuthenticatorSettings, mode: LeaverMode): void {
    const { name, dingtalk } = settings;
    const log = this.logOf(name);
    const [http, toNocoBase] = [upstreamOfItsOwn(this.telemetry), upstreamOfItsOwn(this.telemetry)];
    const { book, takesEvents } = this.bookOf(settings, mode, log, toNocoBase);
    if (!takesEvents)
      log.notice('leavers_not_kept', { stateFolder: this.options.stateFolder, events: dingtalk.events });
    this.telemetry.count((metrics) => metrics.leaversWatched([...this.entries.keys(), name]));
    const running = new RunningWatch(settings, book, mode, takesEvents, {
      publicUrl: this.options.publicUrl,
      redis: this.redis,
      http,
      pace: this.paces.of(dingtalk.clientId),
      streams: this.streams,
      listeners: this.listeners,
      log,
    });
    this.entries.set(name, { settings, mode, running, calls: [http, toNocoBase] });
    // The plugin notices sign-ins itself.
    const authenticator = this.registry.find(name);
    if (authenticator !== undefined && settings.nocobase.handOff !== 'ticket') {
      authenticator.onNewBinding = (unionId) => running.watch.met(unionId);
    }
  }

  private bookOf(settings: AuthenticatorSettings, mode: LeaverMode, log: WatchLog, http: UpstreamHttpClient) {
    const { name, nocobase, accounts } = settings;
    if (nocobase.handOff === 'ticket') {
      return { book: new PluginLeaverBook(this.plugin, nocobase, name, log.state), takesEvents: true };
    }
    const memory = this.memories.of(nocobase);
    const book = new StockLeaverBook(boundUsers(http, nocobase), memory, {
      mode,
      protectedRoles: accounts.protectedRoles,
      memoryOf: (authenticator) => {
        const other = this.registry.settingsOf(authenticator)?.nocobase;
        return other !== undefined && isSameNocoBase(nocobase, other) ? this.memories.of(other) : undefined;
      },
      onState: log.state,
    });
    return { book, takesEvents: memory.isDurable };
  }

  private end(name: string): void {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    this.entries.delete(name);
    // Their state is no longer current: an open circuit would be reported forever.
    for (const client of entry.calls) client.retire();
    const stopped = entry.running.stop().catch((error: unknown) => this.logOf(name).failed('state', error));
    this.stopping.add(stopped);
    void stopped.finally(() => this.stopping.delete(stopped));
  }

  private logOf(name: string): WatchLog {
    return new WatchLog(name, this.telemetry);
  }
}

function isSameNocoBase(one: NocoBaseClientOptions, other: { url: string; app: string }): boolean {
  return one.url === other.url && one.app === other.app;
}
