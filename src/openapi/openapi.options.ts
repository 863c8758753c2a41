import { configurableModule } from '../config/index.js';

export interface OpenApiOptions {
  /** The server that the document names. */
  readonly publicUrl: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: OPENAPI_OPTIONS } =
  configurableModule<OpenApiOptions>('OpenApi');
