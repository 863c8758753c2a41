import { type AuthSettings, readAuthSettings } from './auth/index.js';
import { type AuthenticatorSettings, readAuthenticator, readAuthenticatorsFile } from './authenticators/index.js';
import { type AppOptions, type Environment, readAll, readAppOptions } from './config/index.js';
import { type RateLimits, readRateLimits } from './rate-limit/index.js';
import { readTelemetrySettings, type TelemetrySettings } from './telemetry/index.js';

/** Everything the environment says, checked. */
export interface Settings {
  readonly app: AppOptions;
  readonly auth: AuthSettings;
  readonly rateLimits: RateLimits;
  readonly telemetry: TelemetrySettings;
  /** The first is the default one. */
  readonly authenticators: readonly [AuthenticatorSettings, ...AuthenticatorSettings[]];
  readonly reload: {
    /** `AUTHENTICATORS_FILE`. */
    readonly file: string | undefined;
    /** Reads the authenticators again, files included. @throws InvalidEnvironmentError */
    readonly read: () => Settings['authenticators'];
  };
}

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readSettings(environment: Environment): Settings {
  const file = environment['AUTHENTICATORS_FILE']?.trim() || undefined;
  const read = (): Settings['authenticators'] =>
    file === undefined ? [readAuthenticator(environment)] : readAuthenticatorsFile(file, environment);
  const settings = readAll({
    app: () => readAppOptions(environment),
    auth: () => readAuthSettings(environment),
    rateLimits: () => readRateLimits(environment),
    telemetry: () => readTelemetrySettings(environment),
    authenticators: read,
  });
  return { ...settings, reload: { file, read } };
}
