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
 * What was read before Nest started, as each room injects it. What only decides which routes there are is in none
 * (`OPENAPI_ENABLED`): modules are put together before anything can be injected.
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
