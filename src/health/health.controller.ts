import { Controller, Get, Res } from '@nestjs/common';
import { Responder } from '../web/index.js';
import { HealthService } from './health.service.js';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly responder: Responder,
  ) {}

  /** The process is up. */
  @Get('live')
  async live(@Res() response: unknown): Promise<void> {
    await this.responder.json(response, 200, { status: 'ok' });
  }

  /** Whether sign-ins can work, or what prevents them. */
  @Get('ready')
  async ready(@Res() response: unknown): Promise<void> {
    const { ready, body } = await this.health.look();
    await this.responder.json(response, ready ? 200 : 503, body);
  }
}
