/**
 * The places of one application of NocoBase: its API, its pages, and what its web clients store in a browser. Taken
 * from the tags v1.9.23, v2.0.36, v2.1.45 and v2.2.0 of github.com/nocobase/nocobase; differences of 1.9 are noted
 * beside each rule.
 */
export interface PlaceSettings {
  /** `main`, or the name of the sub-app. */
  readonly app: string;
  /** The sub-app has its own domain (`cname`), where NocoBase serves it without `/apps/<name>`. */
  readonly ownDomain?: boolean | undefined;
  /** `API_BASE_PATH`, without NocoBase's base path (core/cli-v1/src/util.js prepends `APP_PUBLIC_PATH`). */
  readonly apiBasePath?: string | undefined;
  /** `APP_MODERN_CLIENT_PREFIX`, since 2.1: the first segment of the new client. */
  readonly modernPrefix?: string | undefined;
  /** `API_CLIENT_STORAGE_PREFIX` */
  readonly storagePrefix?: string | undefined;
  /** `API_CLIENT_STORAGE_TYPE` */
  readonly storageType?: StorageType | undefined;
  /** `API_CLIENT_SHARE_TOKEN`, since 2.0. */
  readonly shareToken?: boolean | undefined;
}

export const STORAGE_TYPES = ['localStorage', 'sessionStorage', 'memory'] as const;
/** core/sdk/src/APIClient.ts: `memory` is lost with the page. */
export type StorageType = (typeof STORAGE_TYPES)[number];

// NocoBase's defaults: core/cli-v1/src/util.js (`initEnv`), 1.9 to 2.2.
export const DEFAULT_API_BASE_PATH = '/api/';
export const DEFAULT_MODERN_PREFIX = 'v';
export const DEFAULT_STORAGE_PREFIX = 'NOCOBASE_';
export const DEFAULT_STORAGE_TYPE = 'localStorage';

/** Path of the API, with slashes around it. */
export function apiPath({ apiBasePath }: Pick<PlaceSettings, 'apiBasePath'>): string {
  return `/${apiBasePath || DEFAULT_API_BASE_PATH}/`.replace(/\/+/g, '/');
}

/**
 * The same for requests without headers, such as a browser's redirect: core/server/src/gateway/index.ts takes the
 * application from the path, since 2.1.
 */
export function apiPathInApp(settings: Pick<PlaceSettings, 'apiBasePath' | 'app'>): string {
  return `${apiPath(settings)}${settings.app === 'main' ? '' : `__app/${settings.app}/`}`;
}

/** The header that selects one of several applications of a NocoBase server. */
export function ofApp(app: string): Readonly<Record<string, string>> {
  return app === 'main' ? {} : { 'x-app': app };
}

/** Like core/server/src/gateway/utils.ts (`normalizeModernClientPrefix`): `v`, `/v` and `/v/` are the same. */
export function modernPrefix({ modernPrefix: prefix = '' }: Pick<PlaceSettings, 'modernPrefix'>): string {
  return prefix.trim().replace(/^\/+|\/+$/g, '') || DEFAULT_MODERN_PREFIX;
}

/**
 * The application's name in the paths of its pages, where its web clients read it (core/sdk/src/getSubAppName.ts). A
 * sub-app at its own domain has the paths, and the storage keys, that `main` has elsewhere.
 */
export function appInPath({ app, ownDomain }: Pick<PlaceSettings, 'app' | 'ownDomain'>): string {
  return ownDomain === true ? 'main' : app;
}

/**
 * The page that NocoBase itself opens if none is requested, in its default client.
 *
 * @param entryMode `APP_CLIENT_ENTRY_MODE`, since 2.2
 */
export function homePage(entryMode: unknown, settings: Pick<PlaceSettings, 'modernPrefix'>): string {
  const opensNew = entryMode === 'modern-default' || entryMode === 'modern-only';
  return opensNew ? `/${modernPrefix(settings)}/admin` : '/admin';
}

/** A sub-app's pages are at `/apps/<name>/admin` in the classic client and at `/v/apps/<name>/admin` in the new one. */
export function pagePath(settings: PlaceSettings, path: string): string {
  const { client, page } = pageParts(settings, path);
  return `${client}${inApp(settings)}${page}`;
}

/**
 * NocoBase's sign-in page, in the client of the requested page and with that page as its redirect.
 *
 * @param basePath NocoBase's base path, without a trailing slash
 * @param returnPath a checked path, if one is known
 */
export function signInPath(
  settings: PlaceSettings,
  basePath: string,
  returnPath: string | undefined,
  parameters: Readonly<Record<string, string>>,
): string {
  const { client, page } = pageParts(settings, returnPath ?? '');
  const ofClient = `${client}${inApp(settings)}`;
  // Set one by one: the oldest browsers of docs/browsers.md do not accept an object.
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  // The sign-in page of the new client takes a whole path, that of the classic one a path without its own prefix.
  if (returnPath !== undefined) query.set('redirect', client === '' ? page : `${basePath}${ofClient}${page}`);
  return `${ofClient}/signin?${query.toString()}`;
}

/** The storage and the keys with which NocoBase's clients keep a session in a browser. */
export interface StorageKeys {
  readonly storage: StorageType;
  readonly token: string;
  readonly authenticator: string;
  readonly role: string;
}

/**
 * core/sdk/src/APIClient.ts and Storage.ts, 2.0 to 2.2: prefix and sub-app in capital letters; with a shared token only
 * the token's key lacks the sub-app. (1.9 keeps the prefix as written.)
 */
export function storageKeys(settings: PlaceSettings): StorageKeys {
  const shared = (settings.storagePrefix || DEFAULT_STORAGE_PREFIX).toUpperCase();
  const app = appInPath(settings);
  const own = app === 'main' ? shared : `${shared}${app.toUpperCase()}_`;
  return {
    storage: settings.storageType ?? DEFAULT_STORAGE_TYPE,
    token: `${settings.shareToken === true ? shared : own}TOKEN`,
    authenticator: `${own}AUTH`,
    role: `${own}ROLE`,
  };
}

function inApp(settings: PlaceSettings): string {
  const app = appInPath(settings);
  return app === 'main' ? '' : `/apps/${app}`;
}

/** The client's prefix, and the path after client and sub-app. */
function pageParts(settings: PlaceSettings, path: string): { client: string; page: string } {
  const modern = `/${modernPrefix(settings)}`;
  const client = isBelow(path, modern) ? modern : '';
  const inside = path.slice(client.length);
  const ofApp = inApp(settings);
  return { client, page: ofApp !== '' && isBelow(inside, ofApp) ? inside.slice(ofApp.length) : inside };
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && /^(?:[/?#]|$)/.test(path.slice(prefix.length));
}
