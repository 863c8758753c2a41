import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Header,
  ServiceUnavailableException,
  UseFilters,
} from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { UserDirectory } from '../nocobase-client/index.js';
import { OneTimeStore } from '../shared-store/index.js';
import { Responder } from '../pages/index.js';

/** Readiness that fails is an answer, not an error: Terminus' report goes out as it is. */
@Catch(ServiceUnavailableException)
class ReportFilter implements ExceptionFilter<ServiceUnavailableException> {
  constructor(private readonly responder: Responder) {}

  async catch(unavailable: ServiceUnavailableException, host: ArgumentsHost): Promise<void> {
    await this.responder.json(host.switchToHttp().getResponse(), 503, unavailable.getResponse() as object);
  }
}

@Controller('health')
@UseFilters(ReportFilter)
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly directory: UserDirectory,
    private readonly store: OneTimeStore,
  ) {}

  /** The process is up. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** A sign-in could work: the store answers, NocoBase is up and takes the API key. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(): Promise<unknown> {
    return this.health.check([() => this.probe('store', this.store), () => this.probe('nocobase', this.directory)]);
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
