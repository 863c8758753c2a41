import type { ConfigFactory } from '@nestjs/config';
import { authConfig } from './auth/index.js';
import { authenticatorsConfig } from './authenticators/index.js';
import { appConfig } from './config/index.js';
import { pluginDownloadConfig } from './plugin-download/index.js';
import type { Settings } from './settings.js';
import { sharedStoreConfig } from './shared-store/index.js';
import { telemetryConfig } from './telemetry/index.js';
import { rateLimitConfig } from './web/index.js';

/**
 * The settings that were read before Nest started, for injection in each room. Settings that only decide which routes
 * exist are not included (`OPENAPI_ENABLED`): modules are assembled before anything can be injected.
 */
export function loadedNamespaces(settings: Settings): ConfigFactory[] {
  const { app, auth, authenticators, pluginDownload, rateLimits, redis, source, telemetry } = settings;
  return [
    appConfig.of(app),
    authConfig.of(auth),
    authenticatorsConfig.of({ authenticators, source }),
    pluginDownloadConfig.of(pluginDownload),
    rateLimitConfig.of(rateLimits),
    sharedStoreConfig.of({ redis }),
    telemetryConfig.of(telemetry),
  ];
}
