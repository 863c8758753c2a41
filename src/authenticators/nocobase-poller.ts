import type { Server } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { InvalidEnvironmentError, version } from '../config/index.js';
import { type PluginClient, PluginError, shownVersion, versionGap } from '../plugin-client/index.js';
import type { PluginAuthenticator } from '../core/plugin-protocol/index.js';
import type { AuthenticatorRegistry } from './authenticator-registry.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import type { NocoBaseSource } from './authenticators-source.js';
import { OneAtATime } from './one-at-a-time.js';
import { DETAIL, LOG } from '../core/texts/index.js';

/** Short, because an administrator who clicks "Save" wants to try it out. */
const POLL_MS = 5000;
/** Until a gateway that has just started has its first settings: NocoBase may still be fetching its keys. */
const EAGER_POLL_MS = 1000;
const EAGER_POLLS = 5;
/** Longest poll interval while NocoBase is down and authenticators are already loaded. */
const MAX_POLL_MS = 20_000;

/** What was logged about them; logged again only after a change. */
interface Told {
  readonly trouble: string | undefined;
  readonly problems: readonly string[];
}

/**
 * Polls NocoBase every few seconds, and on SIGHUP, for the settings that its administrator has made. While NocoBase is
 * down the last settings stay active; authenticators that it removed are removed.
 */
export class NocoBasePoller implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Authenticators');
  private told: Told = { trouble: undefined, problems: [] };
  private readonly looks = new OneAtATime(async () => this.look());
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private polls = 0;
  private pluginVersion: string | undefined;

  constructor(
    private readonly registry: AuthenticatorRegistry,
    private readonly plugin: PluginClient,
    private readonly source: NocoBaseSource,
    private readonly host: HttpAdapterHost,
  ) {
    registry.report(new PluginError('starting', DETAIL.plugin.notAskedYet.en));
  }

  /**
   * Starts as soon as the gateway listens, because NocoBase fetches its keys before it responds. The start does not
   * wait for NocoBase, which may come up later.
   */
  onApplicationBootstrap(): void {
    process.on('SIGHUP', this.looks.ask);
    (this.host.httpAdapter.getHttpServer() as Server).once('listening', this.looks.ask);
  }

  onApplicationShutdown(): void {
    this.looks.stop();
    process.off('SIGHUP', this.looks.ask);
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    // A signal may precede the timer, whose interval starts at the end of a poll.
    clearTimeout(this.timer);
    await this.attempt();
    if (this.looks.isStopped) return;
    this.polls += 1;
    const isWaiting = this.namesInForce().length === 0;
    const pause = isWaiting && this.polls <= EAGER_POLLS ? EAGER_POLL_MS : POLL_MS;
    const backOff = isWaiting ? 1 : 2 ** this.failures;
    this.timer = setTimeout(this.looks.ask, Math.min(pause * backOff, MAX_POLL_MS)).unref();
  }

  private async attempt(): Promise<void> {
    try {
      const settings = await this.plugin.settings(this.source.target);
      if (this.looks.isStopped) return;
      this.noteVersion(settings.version);
      this.failures = 0;
      await this.adopt(settings.authenticators);
    } catch (error) {
      if (this.looks.isStopped) return;
      const trouble = error instanceof PluginError ? error : new PluginError('unusable_answer', unexpected(error));
      this.failures = trouble.trouble === 'unreachable' ? this.failures + 1 : 0;
      // Not temporary: NocoBase says that no authenticator uses this gateway (any more).
      if (trouble.trouble === 'gateway_unknown') await this.putInForce([]);
      this.tell(trouble, this.told.problems);
    }
  }

  private async adopt(forms: readonly PluginAuthenticator[]): Promise<void> {
    const problems: string[] = [];
    const usable = new Map<string, AuthenticatorSettings>();
    for (const form of forms.filter(({ enabled }) => enabled)) {
      try {
        if (usable.has(form.name)) problems.push(DETAIL.authenticators.namedTwice(form.name).en);
        else usable.set(form.name, this.source.read(form));
      } catch (error) {
        if (!(error instanceof InvalidEnvironmentError)) throw error;
        problems.push(...error.problems);
      }
    }
    await this.putInForce([...usable.values()]);
    const none = forms.some(({ enabled }) => enabled) ? 'none_usable' : 'none_enabled';
    this.tell(usable.size > 0 ? undefined : new PluginError(none, DETAIL.plugin.noneUsable.en), problems);
  }

  /** Once, and again after an update of the plugin. */
  private noteVersion(plugin: string): void {
    if (plugin === this.pluginVersion) return;
    this.pluginVersion = plugin;
    const gateway = version();
    const gap = versionGap(gateway, plugin);
    const line = { event: 'plugin_version', plugin: shownVersion(plugin), gateway };
    if (gap === undefined) this.logger.log(line);
    else this.logger.warn({ ...line, gap, notice: LOG.versionsDiffer.en });
  }

  private async putInForce(settings: readonly AuthenticatorSettings[]): Promise<void> {
    const before = this.namesInForce();
    const replaced = await this.registry.replace(settings);
    const inForce = this.namesInForce();
    if (replaced.changed.length > 0 || !isDeepStrictEqual(before, inForce)) {
      this.logger.log({ event: 'authenticators_reloaded', ...replaced, inForce });
    }
  }

  private tell(trouble: PluginError | undefined, problems: readonly string[]): void {
    this.registry.report(trouble);
    const inForce = this.namesInForce();
    for (const problem of problems.filter((line) => !this.told.problems.includes(line))) {
      this.logger.error({ event: 'authenticators_refused', problems: [problem], inForce });
    }
    if (trouble !== undefined && trouble.trouble !== this.told.trouble) {
      const { setting, detail } = trouble;
      this.logger.warn({ event: 'authenticators_unavailable', reason: trouble.trouble, setting, detail, inForce });
    } else if (trouble === undefined && this.told.trouble !== undefined) {
      this.logger.log({ event: 'authenticators_available', inForce });
    }
    this.told = { trouble: trouble?.trouble, problems };
  }

  private namesInForce(): string[] {
    return this.registry.all().map(({ name }) => name);
  }
}

/** Only the name, because the message may contain anything. */
function unexpected(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
