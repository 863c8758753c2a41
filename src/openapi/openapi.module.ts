import { Module } from '@nestjs/common';
import { OPENAPI_DOCUMENT } from './openapi.constants.js';
import { OpenApiController } from './openapi.controller.js';
import { ConfigurableModuleClass, OPENAPI_OPTIONS, type OpenApiOptions } from './openapi.options.js';
import { shippedDocument } from './shipped-document.js';

/**
 * Serves the shipped document. It was generated with `@nestjs/swagger`, which is not loaded. `imports` provide
 * Responder.
 */
@Module({
  controllers: [OpenApiController],
  providers: [
    {
      provide: OPENAPI_DOCUMENT,
      inject: [OPENAPI_OPTIONS],
      useFactory: ({ publicUrl }: OpenApiOptions) => shippedDocument(publicUrl),
    },
  ],
})
export class OpenApiModule extends ConfigurableModuleClass {}
