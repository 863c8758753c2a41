import { type AuthSettings, readAuthSettings } from './auth/index.js';
import {
  type ConfiguredAuthenticators,
  readAuthenticator,
  readAuthenticatorsFile,
  type ReloadOptions,
} from './authenticators/index.js';
import { type AppOptions, type Environment, readAll, readAppOptions } from './config/index.js';
import { type OpenApiSettings, readOpenApiSettings } from './openapi/index.js';
import { type RateLimits, readRateLimits } from './rate-limit/index.js';
import { readTelemetrySettings, type TelemetrySettings } from './telemetry/index.js';

/** Everything the environment says, checked. */
export interface Settings {
  readonly app: AppOptions;
  readonly auth: AuthSettings;
  readonly rateLimits: RateLimits;
  readonly telemetry: TelemetrySettings;
  readonly openApi: OpenApiSettings;
  readonly authenticators: ConfiguredAuthenticators;
  readonly reload: ReloadOptions;
}

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readSettings(environment: Environment): Settings {
  const file = environment['AUTHENTICATORS_FILE']?.trim() || undefined;
  const read = (): ConfiguredAuthenticators =>
    file === undefined ? [readAuthenticator(environment)] : readAuthenticatorsFile(file, environment);
  const settings = readAll({
    app: () => readAppOptions(environment),
    auth: () => readAuthSettings(environment),
    rateLimits: () => readRateLimits(environment),
    telemetry: () => readTelemetrySettings(environment),
    openApi: () => readOpenApiSettings(environment),
    authenticators: read,
  });
  return { ...settings, reload: { file, read } };
}
