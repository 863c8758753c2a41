import { unwatchFile, watchFile } from 'node:fs';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InvalidEnvironmentError } from '../config/index.js';
import type { AuthenticatorRegistry } from './authenticator-registry.js';
import type { ConfiguredSource } from './authenticators-source.js';

/** The file's date is asked for, not events: mounted secrets are replaced by changing a link, which events miss. */
const POLL_MS = 2000;

/**
 * Reads the authenticators again on SIGHUP, and when their file changes. What cannot be used is refused with one line
 * per problem, and what was in force stays in force.
 */
export class AuthenticatorsReload implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Authenticators');
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly registry: AuthenticatorRegistry,
    private readonly source: ConfiguredSource,
  ) {}

  onApplicationBootstrap(): void {
    process.on('SIGHUP', this.reload);
    if (this.source.file !== undefined)
      watchFile(this.source.file, { interval: POLL_MS, persistent: false }, this.reload);
  }

  onApplicationShutdown(): void {
    process.off('SIGHUP', this.reload);
    if (this.source.file !== undefined) unwatchFile(this.source.file, this.reload);
  }

  /** One after the other, so that the newest wins. */
  private readonly reload = (): void => {
    this.last = this.last.then(async () => this.attempt());
  };

  private async attempt(): Promise<void> {
    try {
      const changed = await this.registry.replace(this.source.read());
      this.logger.log({
        event: 'authenticators_reloaded',
        changed,
        inForce: this.registry.all().map(({ name }) => name),
      });
    } catch (error) {
      const problems = error instanceof InvalidEnvironmentError ? error.problems : ['unexpected'];
      this.logger.error({
        event: 'authenticators_refused',
        problems,
        inForce: this.registry.all().map(({ name }) => name),
      });
    }
  }
}
