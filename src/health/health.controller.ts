import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { UserDirectory } from '../nocobase-client/index.js';
import { OneTimeStore } from '../shared-store/index.js';
import { Responder } from '../pages/index.js';

@Controller('health')
export class HealthController {
  /** One look at a time, however many ask: anybody may. */
  private looking: Promise<Report> | undefined;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly directory: UserDirectory,
    private readonly store: OneTimeStore,
    private readonly responder: Responder,
  ) {}

  /** The process is up. */
  @Get('live')
  async live(@Res() response: unknown): Promise<void> {
    await this.responder.json(response, 200, { status: 'ok' });
  }

  /** A sign-in could work: the store answers, NocoBase is up and takes the API key. */
  @Get('ready')
  async ready(@Res() response: unknown): Promise<void> {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    const { status, body } = await this.looking;
    await this.responder.json(response, status, body);
  }

  private async look(): Promise<Report> {
    try {
      const probes = [() => this.probe('store', this.store), () => this.probe('nocobase', this.directory)];
      return { status: 200, body: await this.health.check(probes) };
    } catch (error) {
      // Readiness that fails is an answer, not an error: Terminus' report goes out as it is.
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return { status: 503, body: error.getResponse() as object };
    }
  }

  private async probe<Name extends string>(name: Name, target: { check(): Promise<void> }) {
    const indicator = this.indicators.check(name);
    try {
      await target.check();
      return indicator.up();
    } catch (error) {
      // The code and the setting only: the report is public.
      const { code, setting } = error as { code?: string; setting?: string };
      return indicator.down({ reason: code ?? 'unknown', ...(setting ? { setting } : {}) });
    }
  }
}

interface Report {
  readonly status: 200 | 503;
  readonly body: object;
}
