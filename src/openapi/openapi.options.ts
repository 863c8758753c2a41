import { configurableModule } from '../config/index.js';

export interface OpenApiOptions {
  /** The server named in the document. */
  readonly publicUrl: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: OPENAPI_OPTIONS } =
  configurableModule<OpenApiOptions>('OpenApi');
