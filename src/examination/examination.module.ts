import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import type { Settings } from '../settings.js';
import { EXAMINED_SETTINGS, ExaminationController } from './examination.controller.js';
import { ExaminationLimiter } from './examination-limiter.js';

@Module({})
export class ExaminationModule {
  /** @param imports the modules that provide AuthenticatorRegistry, PluginClient and Responder */
  static register(settings: Settings, imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: ExaminationModule,
      imports,
      controllers: [ExaminationController],
      providers: [ExaminationLimiter, { provide: EXAMINED_SETTINGS, useValue: settings }],
    };
  }
}
