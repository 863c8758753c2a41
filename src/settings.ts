import { type AuthSettings, readAuthSettings } from './auth/index.js';
import {
  type AuthenticatorSettings,
  type AuthenticatorsSource,
  noticesOf,
  readAuthenticatorsSource,
} from './authenticators/index.js';
import {
  type AppOptions,
  type Environment,
  InvalidEnvironmentError,
  misspelledVariables,
  readAll,
  readAppOptions,
  type VariablesFile,
} from './config/index.js';
import { type OpenApiSettings, readOpenApiSettings } from './openapi/index.js';
import { type PluginDownloadSettings, readPluginDownloadSettings } from './plugin-download/index.js';
import { type RateLimits, readRateLimits } from './web/index.js';
import { readRedisSettings, type RedisSettings } from './shared-store/index.js';
import type { Text } from './core/texts/index.js';
import { readTelemetrySettings, type TelemetrySettings } from './telemetry/index.js';

/** All settings of the environment, validated. */
export interface Settings {
  readonly app: AppOptions;
  readonly auth: AuthSettings;
  /** What replicas share; undefined: this is the only process. */
  readonly redis: RedisSettings | undefined;
  readonly rateLimits: RateLimits;
  readonly telemetry: TelemetrySettings;
  readonly openApi: OpenApiSettings;
  readonly pluginDownload: PluginDownloadSettings;
  /** Whether the environment names an outbound proxy, which the gateway ignores: DINGTALK_PROXY_URL is its own. */
  readonly environmentProxy: boolean;
  /** Where the ways to sign in are configured. */
  readonly source: AuthenticatorsSource;
  /** The first is the default; empty if only NocoBase knows them. */
  readonly authenticators: readonly AuthenticatorSettings[];
  /** Notices about valid variables for the administrator. */
  readonly notices: readonly Text[];
}

const ENVIRONMENT_PROXY = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/**
 * @param file the part of the environment that a `.env` has added
 * @throws InvalidEnvironmentError with every problem, one line each
 */
export function readSettings(environment: Environment, file?: VariablesFile): Settings {
  const { names, ways, ...settings } = readAll({
    app: () => readAppOptions(environment),
    auth: () => readAuthSettings(environment),
    redis: () => readRedisSettings(environment),
    rateLimits: () => readRateLimits(environment),
    telemetry: () => readTelemetrySettings(environment),
    openApi: () => readOpenApiSettings(environment),
    pluginDownload: () => readPluginDownloadSettings(environment),
    ways: () => {
      const source = readAuthenticatorsSource(environment);
      return { source, authenticators: source.kind === 'environment' ? source.read() : [] };
    },
    names: () => {
      const { problems, notices } = misspelledVariables(environment, file);
      const all = [...(file?.problems ?? []), ...problems];
      if (all.length > 0) throw new InvalidEnvironmentError(all);
      return notices;
    },
  });
  const environmentProxy = ENVIRONMENT_PROXY.some((name) => Boolean(environment[name]));
  const read = { ...settings, ...ways, environmentProxy };
  return { ...read, notices: [...names, ...noticesOf(environment, read)] };
}
