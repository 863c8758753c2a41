import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { OPENAPI_DOCUMENT } from './openapi.constants.js';
import { OpenApiController } from './openapi.controller.js';
import { shippedDocument } from './shipped-document.js';

/** Serves the shipped document. `@nestjs/swagger`, which generated it, is not needed any more. */
@Module({})
export class OpenApiModule {
  /** @param imports the module that provides Responder */
  static register(publicUrl: string, imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: OpenApiModule,
      imports,
      controllers: [OpenApiController],
      providers: [{ provide: OPENAPI_DOCUMENT, useFactory: () => shippedDocument(publicUrl) }],
    };
  }
}
