import { type Environment, Flag, readEnvironment } from '../config/index.js';

class OpenApiEnvironment {
  @Flag()
  OPENAPI_ENABLED: boolean = false;
}

export interface OpenApiSettings {
  readonly enabled: boolean;
}

export function readOpenApiSettings(environment: Environment): OpenApiSettings {
  return { enabled: readEnvironment(OpenApiEnvironment, environment).OPENAPI_ENABLED };
}
