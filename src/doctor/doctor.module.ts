import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import type { Settings } from '../settings.js';
import { DOCTOR_SETTINGS, DoctorController } from './doctor.controller.js';
import { DoctorLimiter } from './doctor-limiter.js';

@Module({})
export class DoctorModule {
  /** @param imports the modules that provide AuthenticatorRegistry, PluginClient and Responder */
  static register(settings: Settings, imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: DoctorModule,
      imports,
      controllers: [DoctorController],
      providers: [DoctorLimiter, { provide: DOCTOR_SETTINGS, useValue: settings }],
    };
  }
}
