import { unwatchFile, watchFile } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InvalidEnvironmentError } from '../config/index.js';
import type { AuthenticatorRegistry } from './authenticator-registry.js';
import type { ConfiguredSource } from './authenticators-source.js';
import { OneAtATime } from './one-at-a-time.js';

/**
 * Polls the file's date instead of using events: mounted secrets are replaced by changing a link, which events miss.
 */
const POLL_MS = 2000;

/**
 * Reads the authenticators again on SIGHUP, and when their file changes. An invalid file is refused with one line per
 * problem, and the active settings stay.
 */
export class FileWatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Authenticators');
  private readonly attempts = new OneAtATime(async () => this.attempt());
  /** Whether an operator expects a line in the log, even without changes. */
  private isAsked = false;

  constructor(
    private readonly registry: AuthenticatorRegistry,
    private readonly source: ConfiguredSource,
  ) {}

  onApplicationBootstrap(): void {
    process.on('SIGHUP', this.reload);
    if (this.source.file === undefined) return;
    watchFile(this.source.file, { interval: POLL_MS, persistent: false }, this.reload);
    // The file was read before Nest started; a change since then would be missed by the watch.
    this.attempts.ask();
  }

  onApplicationShutdown(): void {
    this.attempts.stop();
    process.off('SIGHUP', this.reload);
    if (this.source.file !== undefined) unwatchFile(this.source.file, this.reload);
  }

  private readonly reload = (): void => {
    this.isAsked = true;
    this.attempts.ask();
  };

  private async attempt(): Promise<void> {
    const { isAsked } = this;
    this.isAsked = false;
    const before = this.namesInForce();
    try {
      const replaced = await this.registry.replace(this.source.read());
      const inForce = this.namesInForce();
      if (isAsked || replaced.changed.length > 0 || !isDeepStrictEqual(before, inForce)) {
        this.logger.log({ event: 'authenticators_reloaded', ...replaced, inForce });
      }
    } catch (error) {
      const problems = error instanceof InvalidEnvironmentError ? error.problems : ['unexpected'];
      this.logger.error({ event: 'authenticators_refused', problems, inForce: this.namesInForce() });
    }
  }

  private namesInForce(): string[] {
    return this.registry.all().map(({ name }) => name);
  }
}
