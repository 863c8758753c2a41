import { apiPath, type PlaceSettings, signInPath, STORAGE_TYPES } from '../../../src/core/nocobase-web/index.js';
import type { ReturnPath } from '../../../src/core/return-path/index.js';

/** NocoBase's base path, without a trailing slash. */
export function basePath(): string {
  return `/${process.env['APP_PUBLIC_PATH'] ?? ''}`.replace(/\/+/g, '/').replace(/\/$/, '');
}

/** Path of NocoBase's API as its server routes it, with slashes around it: for a sub-app without `__app/<name>`. */
export function apiPathHere(): string {
  return apiPath({ apiBasePath: process.env['API_BASE_PATH'] });
}

/**
 * The paths of this NocoBase, from its environment, which its command line has prepared.
 * For a sub-app at its path: `own-domain.ts` knows of its domain.
 */
export function placesOf(app: string): PlaceSettings {
  const { env } = process;
  const type = env['API_CLIENT_STORAGE_TYPE'];
  return {
    app,
    apiBasePath: withoutBasePath(`/${env['API_BASE_PATH'] ?? ''}`.replace(/\/+/g, '/')),
    modernPrefix: env['APP_MODERN_CLIENT_PREFIX'],
    storagePrefix: env['API_CLIENT_STORAGE_PREFIX'],
    storageType: STORAGE_TYPES.find((known) => known === type),
    shareToken: env['API_CLIENT_SHARE_TOKEN'] === 'true',
  };
}

/** NocoBase's sign-in page, in the client that the wanted page belongs to, with that page as the destination. */
export function signInPage(
  places: PlaceSettings,
  wanted: ReturnPath | undefined,
  parameters: Readonly<Record<string, string>>,
): string {
  return basePath() + signInPath(places, basePath(), wanted, parameters);
}

function withoutBasePath(path: string): string {
  const base = basePath();
  const inside = base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  return inside === '/' ? '' : inside;
}
