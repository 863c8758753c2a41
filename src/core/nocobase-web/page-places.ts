import { isApiBasePath, isModernPrefix, isStoragePrefix } from './place-rules.js';
import { apiPath, type PlaceSettings, STORAGE_TYPES } from './places.js';

/** The client that NocoBase opens by default (`APP_CLIENT_ENTRY_MODE`, since 2.2). */
export const ENTRY_MODES = ['legacy-default', 'modern-default', 'modern-only'] as const;

export interface PagePlaces extends Omit<PlaceSettings, 'app' | 'ownDomain'> {
  readonly entryMode?: (typeof ENTRY_MODES)[number];
}

/** `window['__nocobase_api_base_url__'] = '/api/';`, but not an expression, whose value cannot be known. */
const ASSIGNMENT = /window\['__nocobase_(\w+?)__'\]\s*=\s*(?:'([^'\\\r\n]*)'|"([^"\\\r\n]*)"|(true|false))\s*;/g;

/**
 * What the page of NocoBase's web clients tells its own scripts: core/app/client/.umirc.ts of 1.9 and 2.0,
 * core/app/client/rsbuild.config.ts of 2.1 and 2.2, and for the new client core/server/src/gateway/index.ts
 * (`getV2RuntimeConfig`). Token sharing is included since 2.0, the new client's prefix and the entry mode since 2.2.
 *
 * @param publicUrl NocoBase as browsers reach it
 * @returns only what is present and plausible
 */
export function placesInPage(html: string, publicUrl: string): PagePlaces {
  const said = new Map<string, string>();
  const assignment = new RegExp(ASSIGNMENT);
  for (let found = assignment.exec(html); found !== null; found = assignment.exec(html)) {
    const [, name = '', single, double, word] = found;
    said.set(name, single ?? double ?? word ?? '');
  }
  const [prefix, type, modern, mode] = [
    said.get('api_client_storage_prefix'),
    STORAGE_TYPES.find((known) => known === said.get('api_client_storage_type')),
    said.get('modern_client_prefix'),
    ENTRY_MODES.find((known) => known === said.get('app_client_entry_mode')),
  ];
  const api = apiBasePathOf(said.get('api_base_url'), publicUrl);
  const share = said.get('api_client_share_token');
  return {
    ...(api === undefined ? {} : { apiBasePath: api }),
    ...(isModernPrefix(modern, api) ? { modernPrefix: modern } : {}),
    ...(isStoragePrefix(prefix) ? { storagePrefix: prefix } : {}),
    ...(type === undefined ? {} : { storageType: type }),
    ...(share === 'true' || share === 'false' ? { shareToken: share === 'true' } : {}),
    ...(mode === undefined ? {} : { entryMode: mode }),
  };
}

/**
 * The page includes the base path. `API_BASE_URL` may also be at another address, which says nothing about this one.
 */
function apiBasePathOf(said: string | undefined, publicUrl: string): string | undefined {
  if (!said || !URL.canParse(said, publicUrl)) return undefined;
  const [api, nocobase] = [new URL(said, publicUrl), new URL(publicUrl)];
  const base = nocobase.pathname.replace(/\/$/, '');
  if (api.origin !== nocobase.origin || !api.pathname.startsWith(`${base}/`)) return undefined;
  const path = apiPath({ apiBasePath: api.pathname.slice(base.length) });
  return isApiBasePath(path) ? path : undefined;
}
