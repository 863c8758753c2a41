import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { MisconfiguredError } from '../core/errors/index.js';
import type { AuthenticatorRegistry } from './authenticator-registry.js';

/**
 * As often as roles are read: negligible for NocoBase, and short enough for an administrator to see the effect of a
 * change.
 */
const EVERY_MS = 30_000;

/**
 * Checks whether NocoBase accepts the sessions that the gateway signs. A wrong secret, or a record enabled by mistake,
 * fails no call of a sign-in: people would be told that they are signed in, and then see NocoBase's sign-in form.
 */
export class SessionWatch implements OnApplicationShutdown {
  private readonly logger = new Logger('Sessions');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly registry: AuthenticatorRegistry) {}

  /**
   * Checks now, and then periodically. Called by the process that serves, not by applications that import the module.
   */
  start(): void {
    this.timer ??= setInterval(() => void this.look(), EVERY_MS).unref();
    void this.look();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async look(): Promise<void> {
    await Promise.all(
      this.registry.all().map(async (authenticator) => {
        const before = this.registry.sessionTroubleOf(authenticator.name);
        const now = await authenticator.checkSession().then(
          () => undefined,
          // An unreachable NocoBase says nothing about its secret: the last result stays.
          (error: unknown) => (error instanceof MisconfiguredError ? error : before),
        );
        this.registry.reportSession(authenticator.name, now);
        if (now !== undefined && now.setting !== before?.setting) {
          const { code, setting, detail } = now;
          this.logger.error({ event: 'sessions_refused', authenticator: authenticator.name, code, setting, detail });
        } else if (now === undefined && before !== undefined) {
          this.logger.log({ event: 'sessions_accepted', authenticator: authenticator.name });
        }
      }),
    );
  }
}
