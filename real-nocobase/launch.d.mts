export interface InstallOptions {
  /** Called with lines of npm's output. */
  onProgress?: (line: string) => void;
  /** The folder with package.json and server.cjs; default: the folder of launch.mjs. */
  baseDir?: string;
}

/** Runs `npm ci` in the folder if it has not been run for this lock file. Safe in several processes at once. */
export function installRealNocoBase(options?: InstallOptions): Promise<void>;

export interface DatabaseOptions {
  /** Default sqlite, in memory. */
  dialect?: 'sqlite' | 'postgres' | 'mariadb';
  /** SQLite file. */
  storage?: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
}

/** What `older/` can make of the installed NocoBase. */
export type OlderMinor = '2.0' | '2.1';

export interface LaunchOptions {
  /** Default: a free port. */
  port?: number;
  /** Serve the web clients (/signin, /admin, /v/signin, /v/admin). */
  web?: boolean;
  /** Look like the first release of an older minor version, see older/. */
  as?: OlderMinor;
  /** Path NocoBase lives under, such as `/nb/`; default `/`. */
  publicPath?: string;
  /** NocoBase's JWT secret. */
  appKey?: string;
  /** Create a disabled authenticator of type DingTalk with this name. */
  authenticator?: string;
  /** Name of a second application in the same process. */
  subApp?: string;
  /** Host name that leads to it by itself. */
  subAppHost?: string;
  database?: DatabaseOptions;
  /** To install in each of its applications. */
  plugin?: PluginOptions | undefined;
  /** Folder of an ended NocoBase on SQLite, with whose database, plugins and keys a new one begins; it has the plugin already. */
  from?: string | undefined;
  /** Further variables for server.cjs, see there. */
  env?: Record<string, string | undefined>;
  /** Called with lines of NocoBase's stderr. */
  onProgress?: (line: string) => void;
  baseDir?: string;
  /** Default 120 000. */
  readyTimeoutMs?: number;
  /** Its `keep`, `reset`, `moveClock` and `killBefore` work. */
  commands?: boolean;
  /** It does not keep this process from ending; it ends with it. */
  background?: boolean;
}

export interface RealNocoBase {
  /** Without a slash at the end and without `/api`; includes the base path. */
  url: string;
  /** Its API, without a slash at the end: `url` with `/api`, unless `API_BASE_PATH` says otherwise. */
  api: string;
  /** Never expires, role root. */
  apiKey: string;
  jwtSecret: string;
  jwtSecretSource: string;
  root: { account: string; password: string };
  /** Resident memory when ready, in bytes. */
  rss: number;
  readyMs: number;
  pid: number;
  /** What is in its database now is what `reset` brings back. SQLite only. */
  keep(): Promise<void>;
  /** Its application starts again, at the same address, with what was kept: in half a second, a new NocoBase. */
  reset(): Promise<void>;
  /** From now on it sees a clock that is so far ahead; its timers keep their pace. */
  moveClock(milliseconds: number): Promise<void>;
  /**
   * Kills it, as with `kill -9`, before it sends the statement that matches the last of these regular expressions; the others must
   * match earlier statements, in this order.
   */
  killBefore(...statements: readonly string[]): Promise<void>;
  /** As with `kill -9`. */
  kill(): void;
  /** The signal or exit code with which its process ended. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts NocoBase as a child process that ends with this one. Needs installRealNocoBase() first. */
export function launchRealNocoBase(options?: LaunchOptions): Promise<RealNocoBase>;

export interface PluginOptions {
  /** The packed plugin. */
  file: string;
  packageName: string;
  /** `main`, the default, or the name of the second application. */
  app?: string;
  /** Default 60 000. */
  timeoutMs?: number;
}

/** Uploads and enables a plugin, as an administrator does on the page of the plugin manager. */
export function installPlugin(nocobase: Pick<RealNocoBase, 'api' | 'apiKey'>, plugin: PluginOptions): Promise<void>;
