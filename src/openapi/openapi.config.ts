import { type Environment, fromEnvironment } from '../config/index.js';
import { flag, section } from '../core/settings/index.js';

const openApi = section('openapi', { enabled: flag() });

export interface OpenApiSettings {
  readonly enabled: boolean;
}

export function readOpenApiSettings(environment: Environment): OpenApiSettings {
  return fromEnvironment(openApi, environment);
}
