import { Module } from '@nestjs/common';
import { DoctorController } from './doctor.controller.js';
import { DoctorLimiter } from './doctor-limiter.js';
import { ConfigurableModuleClass } from './doctor.options.js';

/** The button *Test* in NocoBase: `imports` provide AuthenticatorRegistry, PluginClient and Responder. */
@Module({ controllers: [DoctorController], providers: [DoctorLimiter] })
export class DoctorModule extends ConfigurableModuleClass {}
