import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { configurableModule } from '../config/index.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

const { ConfigurableModuleClass } = configurableModule<object>('Health');

/** Liveness and readiness, without options: `imports` provide Authenticators, OneTimeStore and Responder. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthService],
  exports: [HealthService],
})
export class HealthModule extends ConfigurableModuleClass {}
