/**
 * Where one application of NocoBase has what: its API, its pages, and what its web clients keep in a browser. Read in the
 * tags v1.9.23, v2.0.36, v2.1.45 and v2.2.0 of github.com/nocobase/nocobase; what 1.9 does otherwise stands beside the rule.
 */
export interface PlaceSettings {
  /** `main`, or the name of the sub-app. */
  readonly app: string;
  /** The sub-app has a domain of its own (`cname`), at which NocoBase serves it without `/apps/<name>`. */
  readonly ownDomain?: boolean | undefined;
  /** `API_BASE_PATH`, without NocoBase's base path (core/cli-v1/src/util.js puts `APP_PUBLIC_PATH` before it). */
  readonly apiBasePath?: string | undefined;
  /** `APP_MODERN_CLIENT_PREFIX`, from 2.1 on: the first segment of the new client. */
  readonly modernPrefix?: string | undefined;
  /** `API_CLIENT_STORAGE_PREFIX` */
  readonly storagePrefix?: string | undefined;
  /** `API_CLIENT_STORAGE_TYPE` */
  readonly storageType?: StorageType | undefined;
  /** `API_CLIENT_SHARE_TOKEN`, from 2.0 on. */
  readonly shareToken?: boolean | undefined;
}

export const STORAGE_TYPES = ['localStorage', 'sessionStorage', 'memory'] as const;
/** core/sdk/src/APIClient.ts: what is kept in `memory` is gone with the page. */
export type StorageType = (typeof STORAGE_TYPES)[number];

// What NocoBase goes by where nothing is set: core/cli-v1/src/util.js (`initEnv`), 1.9 to 2.2.
export const DEFAULT_API_BASE_PATH = '/api/';
export const DEFAULT_MODERN_PREFIX = 'v';
export const DEFAULT_STORAGE_PREFIX = 'NOCOBASE_';
export const DEFAULT_STORAGE_TYPE = 'localStorage';

/** Path of the API, with slashes around it. */
export function apiPath({ apiBasePath }: Pick<PlaceSettings, 'apiBasePath'>): string {
  return `/${apiBasePath || DEFAULT_API_BASE_PATH}/`.replace(/\/+/g, '/');
}

/**
 * The same for calls without a header, such as what a browser is sent to: core/server/src/gateway/index.ts takes the
 * application out of the path, from 2.1 on.
 */
export function apiPathInApp(settings: Pick<PlaceSettings, 'apiBasePath' | 'app'>): string {
  return `${apiPath(settings)}${settings.app === 'main' ? '' : `__app/${settings.app}/`}`;
}

/** The header by which NocoBase's server tells its applications apart, where there are several. */
export function ofApp(app: string): Readonly<Record<string, string>> {
  return app === 'main' ? {} : { 'x-app': app };
}

/** As core/server/src/gateway/utils.ts (`normalizeModernClientPrefix`) reads it: `v`, `/v` and `/v/` are one. */
export function modernPrefix({ modernPrefix: prefix = '' }: Pick<PlaceSettings, 'modernPrefix'>): string {
  return prefix.trim().replace(/^\/+|\/+$/g, '') || DEFAULT_MODERN_PREFIX;
}

/**
 * The application as the paths of its pages name it, and as its web clients read it there (core/sdk/src/getSubAppName.ts):
 * at a domain of its own a sub-app has the paths, and the storage, that `main` has elsewhere.
 */
export function appInPath({ app, ownDomain }: Pick<PlaceSettings, 'app' | 'ownDomain'>): string {
  return ownDomain === true ? 'main' : app;
}

/**
 * Where NocoBase itself leads who asks for no page: a page of the client that it opens.
 *
 * @param entryMode `APP_CLIENT_ENTRY_MODE`, from 2.2 on
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
 * NocoBase's sign-in page, in the client of the page that the person wants and with that page to go on to.
 *
 * @param basePath the path that NocoBase lives under, without a slash at its end
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
  // Name by name: the oldest browsers of docs/browsers.md take no object.
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  // The sign-in page of the new client takes a whole path, that of the classic one what stands behind its own.
  if (returnPath !== undefined) query.set('redirect', client === '' ? page : `${basePath}${ofClient}${page}`);
  return `${ofClient}/signin?${query.toString()}`;
}

/** Which of a browser's storages NocoBase's clients keep a session in, and under which keys. */
export interface StorageKeys {
  readonly storage: StorageType;
  readonly token: string;
  readonly authenticator: string;
  readonly role: string;
}

/**
 * core/sdk/src/APIClient.ts and Storage.ts, 2.0 to 2.2: prefix and sub-app in capital letters; with a shared token only the
 * token has no sub-app. (1.9 keeps the prefix as it is written.)
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

/** The client's prefix, and what stands behind client and sub-app. */
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
