import { Module } from '@nestjs/common';
import { AssetsController } from './assets.controller.js';
import { GatewayErrorFilter } from './gateway-error.filter.js';
import { ConfigurableModuleClass, PAGES_OPTIONS } from './pages.options.js';
import { Responder } from './responder.js';

/** What people see: the sign-in page, the hand-off page, and errors. */
@Module({
  controllers: [AssetsController],
  providers: [Responder, GatewayErrorFilter],
  exports: [Responder, GatewayErrorFilter, PAGES_OPTIONS],
})
export class PagesModule extends ConfigurableModuleClass {}
