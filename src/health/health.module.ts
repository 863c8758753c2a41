import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

@Module({})
export class HealthModule {
  /** @param imports the modules that provide Authenticators, OneTimeStore and Responder */
  static register(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...imports],
      controllers: [HealthController],
      providers: [HealthService],
      exports: [HealthService],
    };
  }
}
