import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { MisconfiguredError } from '../core/errors/index.js';
import type { AuthenticatorRegistry } from './authenticator-registry.js';

/** As often as roles are read: NocoBase notices nothing of it, and an administrator who looks sees what they have changed. */
const EVERY_MS = 30_000;

/**
 * Tries out whether NocoBase takes the sessions that the gateway signs. A wrong secret, or a row that is enabled by
 * mistake, fails no call of a sign-in: people would be told that they are signed in, and stand before NocoBase's form.
 */
export class SessionWatch implements OnApplicationShutdown {
  private readonly logger = new Logger('Sessions');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly registry: AuthenticatorRegistry) {}

  /** Looks now, and then again and again. Called by the process that serves, not by whoever embeds the module. */
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
          // That NocoBase is away says nothing about its secret: what was known stays so.
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
