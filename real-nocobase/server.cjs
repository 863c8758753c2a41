'use strict';
// A real NocoBase in this one process: server, sign-in, users, roles, API keys, user sync, departments and, with
// NB_WEB=1, both web clients. For tests and the demo only. What it is made of and why: README.md.
//
// Prints one line on stdout when it is ready, a JSON object:
//   { url, api, apiKey, jwtSecret, jwtSecretSource, root: { account, password }, app, dir, readyMs, rssMB }
// Everything else goes to stderr. Ends on SIGTERM or SIGINT.
//
//   PORT                port on 127.0.0.1; 0 or none: a free one
//   APP_PUBLIC_PATH     path NocoBase lives under, such as /nb/ (default /)
//   API_BASE_PATH       path of its API below that (default /api/); and, as NocoBase has them: APP_MODERN_CLIENT_PREFIX,
//                       APP_CLIENT_ENTRY_MODE, API_CLIENT_STORAGE_PREFIX, API_CLIENT_STORAGE_TYPE, API_CLIENT_SHARE_TOKEN
//   APP_KEY             JWT secret
//   DB_DIALECT          sqlite (default; DB_STORAGE, default a file in NB_DIR) postgres or mariadb (DB_HOST DB_PORT DB_USER DB_PASSWORD DB_DATABASE)
//   DB_TABLE_PREFIX     of the main application's tables
//   NB_WEB=1            serve the web clients (/signin, /admin, /v/signin, /v/admin)
//   NB_AS               2.0 or 2.1: look like the first release of that minor version, see older/
//   NB_AUTHENTICATOR    name of a disabled authenticator of type DingTalk to create, as an operator would
//   NB_SUB_APP          name of a second application in this process; its tables have the prefix <name>_
//   NB_SUB_APP_HOST     host name that leads to it by itself, as `cname` does in NocoBase's multi-app manager
//   NB_DIR              folder for NocoBase's files (default: a new one under the temp folder, removed at the end)
//   NB_FROM             folder of an ended NocoBase on SQLite: one that has no database yet starts with a copy of its database,
//                       uploaded plugins and keys; with a plugin that takes less than half the time
//   NB_LOG              level of NocoBase's own log on stderr, such as debug
//   NB_SQL=1            each statement that its database is asked on stderr, in a line that begins with SQL
//   NB_EXIT_WITH_STDIN=1  end when stdin closes, that is, when the parent process dies
//   NB_COMMANDS=1       take commands from stdin, a line each; the answer is a line on stdout, { done } or { failed }:
//                         keep     what is in the database now is what `reset` brings back (SQLite only)
//                         reset    the application starts again, in this process, with what was kept
//                         clock N  from now on this process sees a clock that is N milliseconds ahead
//                         kill P   kills this process, as with `kill -9`, before it sends the statement that matches the last of P,
//                                  a JSON array of regular expressions; the others must match earlier statements, in this order
//   NB_CLOCK            milliseconds by which the clock is ahead from the start (with NB_COMMANDS=1)
const startedAt = Date.now();
const clock = process.env.NB_COMMANDS === '1' ? movableClock() : undefined;
process.env.UV_THREADPOOL_SIZE = '64'; // each SQLite statement that waits for a lock holds a thread, see patientSqlite()
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

// NocoBase and its plugins print to stdout while starting; stdout is reserved for the ready line and answers to commands.
const printLine = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const HOST = '127.0.0.1';
const DATABASE = 'nocobase.sqlite';
const ownDir = process.env.NB_DIR ? undefined : fs.mkdtempSync(path.join(os.tmpdir(), 'real-nocobase-'));
const dir = process.env.NB_DIR || ownDir;
const basePath = `/${process.env.APP_PUBLIC_PATH || ''}/`.replace(/\/+/g, '/');
const apiPath = `${basePath}${process.env.API_BASE_PATH || 'api'}/`.replace(/\/+/g, '/');
const web = process.env.NB_WEB === '1';
const root = { account: 'nocobase', password: 'admin123' };

if (process.env.NB_FROM && !fs.existsSync(path.join(dir, DATABASE))) {
  for (const name of [DATABASE, 'storage/plugins', 'storage/apps']) {
    const source = path.join(process.env.NB_FROM, name);
    if (fs.existsSync(source)) fs.cpSync(source, path.join(dir, name), { recursive: true });
  }
}

/**
 * A node_modules folder of links, for this NocoBase alone: its plugin manager adds links to uploaded plugins, and several NocoBases
 * run from this folder at once. Modules are found in it by NODE_PATH, as with NocoBase's command line.
 */
function ownModules() {
  const own = path.join(dir, 'node_modules');
  const link = (name, target) => {
    fs.rmSync(path.join(own, name), { force: true });
    fs.symlinkSync(fs.realpathSync(target), path.join(own, name), 'junction');
  };
  const linkAllIn = (folder) => {
    for (const entry of fs.readdirSync(folder).filter((name) => !name.startsWith('.'))) {
      fs.mkdirSync(path.join(own, entry.startsWith('@') ? entry : ''), { recursive: true });
      const names = entry.startsWith('@')
        ? fs.readdirSync(path.join(folder, entry)).map((name) => path.join(entry, name))
        : [entry];
      names.forEach((name) => link(name, path.join(folder, name)));
    }
  };
  linkAllIn(path.join(__dirname, 'node_modules'));
  // As NocoBase's command line does at each start.
  const uploaded = path.join(dir, 'storage/plugins');
  if (fs.existsSync(uploaded)) linkAllIn(uploaded);
  process.env.NODE_PATH = own;
  Module._initPaths();
  return own;
}
const modules = ownModules();

// What NocoBase's command line (a stub here) would put into the environment, where the server reads it.
const environment = {
  APP_ENV: 'production',
  NODE_ENV: 'production',
  APP_KEY: process.env.APP_KEY || 'real-nocobase-test-secret-0123456789abcdef',
  DB_DIALECT: process.env.DB_DIALECT || 'sqlite', // plugin-auth reads it, so it is not enough as an option
  NODE_MODULES_PATH: modules,
  STORAGE_PATH: path.join(dir, 'storage'),
  PLUGIN_STORAGE_PATH: path.join(dir, 'storage/plugins'),
  LOGGER_BASE_PATH: path.join(dir, 'logs'),
  SOCKET_PATH: path.join(dir, 'gateway.sock'),
  APP_PACKAGE_ROOT: path.join(modules, '@nocobase/app'),
  APP_PUBLIC_PATH: basePath,
  API_BASE_PATH: apiPath,
  API_BASE_URL: apiPath,
  WS_PATH: `${basePath}ws`,
  PLUGIN_STATICS_PATH: `${basePath}static/plugins/`,
  CDN_BASE_URL: basePath === '/' ? '' : basePath, // the plugins' client files are searched below it
  APP_MODERN_CLIENT_PREFIX: process.env.APP_MODERN_CLIENT_PREFIX || 'v',
  APP_CLIENT_ENTRY_MODE: process.env.APP_CLIENT_ENTRY_MODE || 'legacy-default',
  API_CLIENT_STORAGE_PREFIX: process.env.API_CLIENT_STORAGE_PREFIX || 'NOCOBASE_',
  API_CLIENT_STORAGE_TYPE: process.env.API_CLIENT_STORAGE_TYPE || 'localStorage',
  API_CLIENT_SHARE_TOKEN: process.env.API_CLIENT_SHARE_TOKEN || 'false',
  NOCOBASE_APP_DEV: 'false',
  INIT_ROOT_EMAIL: 'admin@nocobase.com',
  INIT_ROOT_USERNAME: root.account,
  INIT_ROOT_PASSWORD: root.password,
  INIT_ROOT_NICKNAME: 'Super Admin',
};
Object.assign(process.env, environment);

if (process.env.NB_AS) {
  require('./older/index.cjs').lookLike(process.env.NB_AS);
}
const {
  AppSupervisor,
  Application,
  findLocalPlugins,
  Gateway,
  getHostname,
  MainOnlyAdapter,
  Plugin,
  PluginManager,
} = require('@nocobase/server');

/** NocoBase's own adapter supports one application; plugins for several require a database for each. */
class SeveralApps extends MainOnlyAdapter {
  name = 'several-apps';
  statuses = {};
  statusBeforeCommanding = {}; // an application that was running still runs after a command of the plugin manager
  async getApp(name) {
    return this.apps[name];
  }
  async bootstrapApp(name) {
    this.statuses[name] ??= this.apps[name] ? 'initialized' : 'not_found';
  }
  addApp(app) {
    this.apps[app.name] = app;
    this.setAppStatus(app.name, 'preparing');
    return app;
  }
  hasApp(name) {
    return Boolean(this.apps[name]);
  }
  async startApp() {
    // main() starts them
  }
  setAppStatus(appName, status, options = {}) {
    this.statuses[appName] = status;
    this.supervisor.emit('appStatusChanged', { appName, status, options });
  }
  getAppStatus(name, otherwise) {
    return this.statuses[name] ?? otherwise ?? null;
  }
}
if (process.env.NB_SUB_APP) {
  const name = 'several-apps';
  let adapter;
  const factory = ({ supervisor }) => (adapter ??= new SeveralApps(supervisor));
  AppSupervisor.registerDiscoveryAdapter(name, factory);
  AppSupervisor.registerProcessAdapter(name, factory);
  Object.assign(process.env, { APP_DISCOVERY_ADAPTER: name, APP_PROCESS_ADAPTER: name });
}

// In alphabetical order like NocoBase's own preset: the new web client needs acl before user-data-sync.
const plugins = [
  'acl',
  'api-keys',
  'auth',
  ...(web ? ['client'] : []),
  'data-source-main',
  'data-source-manager',
  'departments',
  'environment-variables',
  'error-handler',
  'field-sort',
  'system-settings',
  'ui-schema-storage',
  'user-data-sync',
  'users',
];

/** What @nocobase/preset-nocobase does, for the plugins above. */
class Preset extends Plugin {
  async install() {
    const values = plugins.map((name) => {
      const packageName = `@nocobase/plugin-${name}`;
      const { version } = require(`${packageName}/package.json`);
      return { name, packageName, version, enabled: true, builtIn: true };
    });
    await this.pm.repository.create({ values });
    await this.pm.repository.init();
    await this.pm.load();
    await this.pm.install();
  }

  // The plugin manager's page requests these.
  async getAllPlugins(locale) {
    const local = await findLocalPlugins();
    return Promise.all([...new Set([...plugins, ...local])].map((name) => this.getPluginInfo(name, locale)));
  }

  async getPluginInfo(name, locale = 'en-US') {
    const { packageName } = await PluginManager.parseName(name);
    const packageJson = await PluginManager.getPackageJson(packageName);
    const row = await this.pm.repository.findOne({ filter: { packageName } });
    const { version, keywords, homepage } = packageJson;
    return {
      name,
      packageName,
      version,
      keywords,
      homepage,
      packageJson,
      enabled: Boolean(row?.enabled),
      installed: Boolean(row?.installed),
      builtIn: Boolean(row?.builtIn),
      removable: !row?.enabled,
      displayName: packageJson[`displayName.${locale}`] || packageJson.displayName || name,
      description: packageJson[`description.${locale}`] || packageJson.description,
      ...(await PluginManager.checkAndGetCompatible(packageName)),
    };
  }
}

/**
 * Makes SQLite wait for a lock instead of failing. As NocoBase uses it, any two simultaneous writes end in 500: on a file with
 * SQLITE_BUSY, on :memory: because all transactions share one connection. (@appthreat/sqlite3 is an ES module with prebuilt
 * binaries.)
 */
function patientSqlite() {
  const module = require('sqlite3');
  const sqlite = module.default ?? module;
  class Database extends sqlite.Database {
    constructor(...args) {
      super(...args);
      this.configure('busyTimeout', 10_000);
      this.run('PRAGMA journal_mode=WAL');
      this.run('PRAGMA synchronous=OFF');
    }
  }
  return { ...sqlite, Database };
}

function databaseOptions(tablePrefix) {
  const env = process.env;
  const common = { dialect: env.DB_DIALECT, logging: false, tablePrefix };
  if (env.DB_DIALECT === 'sqlite') {
    return {
      ...common,
      storage: databaseFile(),
      dialectModule: patientSqlite(),
      transactionType: 'IMMEDIATE',
    };
  }
  return {
    ...common,
    host: env.DB_HOST || '127.0.0.1',
    port: Number(env.DB_PORT || 5432),
    username: env.DB_USER || 'postgres',
    password: env.DB_PASSWORD || '',
    database: env.DB_DATABASE || 'postgres',
  };
}

/** See NB_SQL. NocoBase's own log of statements truncates them. */
class WatchedApplication extends Application {
  createDatabase(options) {
    const db = super.createDatabase(options);
    db.sequelize.options.logging = (statement) => process.stderr.write(`SQL ${statement.replace(/\s+/g, ' ')}\n`);
    return db;
  }
}

function createApplication(name) {
  const log = { transports: [process.env.NB_LOG ? 'console' : 'file'], level: process.env.NB_LOG || 'warn' };
  return new (process.env.NB_SQL ? WatchedApplication : Application)({
    name,
    acl: true,
    plugins: [[Preset, { name: 'nocobase' }]],
    resourcer: { prefix: process.env.API_BASE_PATH },
    logger: { request: log, system: log },
    database: databaseOptions(name === 'main' ? process.env.DB_TABLE_PREFIX || '' : `${name}_`),
    cacheManager: { defaultStore: 'memory', stores: { memory: { store: 'memory', max: 2000 } } },
  });
}

async function startApplication(app) {
  if (!(await app.isInstalled())) {
    await app.runCommandThrowError('install');
  }
  await app.runCommandThrowError('start');
}

/** The old web client's index page is a template that the command line fills in; NocoBase's server does the rest. */
function serveOldWebClient() {
  const template = fs.readFileSync(path.join(process.env.APP_PACKAGE_ROOT, 'dist/client/index.html.tpl'), 'utf8');
  const html = template
    .replace(/\{\{env\.(\w+)\}\}/g, (_match, name) => process.env[name] ?? '')
    .replace(/((?:src|href)=")assets\//g, `$1${basePath}assets/`);
  const ofTheServer = [apiPath.slice(basePath.length, -1), process.env.APP_MODERN_CLIENT_PREFIX];
  const notAPage = new RegExp(`^(?:${ofTheServer.join('|')}|ws|static|files|assets|storage)(?:/|$)|\\.\\w+$`);
  Gateway.registerRequestHandler((request, response) => {
    const { pathname } = new URL(request.url, 'http://any');
    if (!`${pathname}/`.startsWith(basePath)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`NocoBase lives under ${basePath}\n`);
      return true;
    }
    if (notAPage.test(pathname.slice(basePath.length))) {
      return false;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    return true;
  });
}

/** NocoBase's server on the requested port. As in a real installation, it answers 503 until the application runs. */
async function listen(gateway) {
  const wanted = Number(process.env.PORT || 0);
  return new Promise((resolve, reject) => {
    gateway.startHttpServer({ port: wanted, host: HOST, callback: resolve });
    gateway.server.once('error', reject);
  });
}

async function post(api, action, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${api}/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${action}: ${response.status} ${text}`);
  }
  return JSON.parse(text).data;
}

/** This process's `Date` with an offset, so that a test need not wait until something is old. Timers keep their pace. */
function movableClock() {
  const RealDate = Date;
  let aheadMs = Number(process.env.NB_CLOCK || 0);
  const now = () => RealDate.now() + aheadMs;
  globalThis.Date = new Proxy(RealDate, {
    get: (target, key) => (key === 'now' ? now : target[key]),
    construct: (target, args, self) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, self === globalThis.Date ? target : self),
  });
  return { move: (milliseconds) => (aheadMs = milliseconds) };
}

const keptDatabase = path.join(dir, 'kept.sqlite');
const databaseFile = () => process.env.DB_STORAGE || path.join(dir, DATABASE);

/** The commands for a running NocoBase, see NB_COMMANDS. */
const commands = {
  async keep(app) {
    fs.rmSync(keptDatabase, { force: true });
    await app.db.sequelize.query(`VACUUM INTO '${keptDatabase}'`);
  },

  /** The restart rebuilds the application, with its caches and rules; between its two halves nothing has the file open. */
  async reset(app) {
    clock.move(0);
    app.once('beforeReload', async () => {
      await app.db.close();
      for (const suffix of ['-wal', '-shm']) {
        fs.rmSync(databaseFile() + suffix, { force: true });
      }
      fs.copyFileSync(keptDatabase, databaseFile());
    });
    await app.runCommandThrowError('restart');
  },

  async clock(_app, milliseconds) {
    clock.move(Number(milliseconds));
  },

  /** Sequelize logs a statement before it sends it. */
  async kill(app, ...patterns) {
    const wanted = JSON.parse(patterns.join(' ')).map((pattern) => new RegExp(pattern));
    app.db.sequelize.options.logging = (statement) => {
      if (wanted[0].test(statement)) wanted.shift();
      if (wanted.length === 0) process.kill(process.pid, 'SIGKILL');
    };
  },
};

async function carryOut(app, line) {
  const [name, ...args] = line.trim().split(' ');
  try {
    await commands[name](app, ...args);
    printLine(`${JSON.stringify({ done: name })}\n`);
  } catch (error) {
    printLine(`${JSON.stringify({ failed: `${name}: ${error.stack}` })}\n`);
  }
}

function removeOwnDir() {
  if (ownDir) {
    fs.rmSync(ownDir, { recursive: true, force: true });
  }
}

async function main() {
  const app = createApplication('main');
  const gateway = Gateway.getInstance();
  // NocoBase's own handler stops the application but not the process.
  process.off('SIGTERM', gateway.onTerminate);
  process.off('SIGINT', gateway.onTerminate);

  if (process.env.NB_SUB_APP_HOST) {
    // As @nocobase/plugin-multi-app-manager does for an application with a `cname`.
    gateway.addAppSelectorMiddleware(async (ctx, next) => {
      const hostname = ctx.req.headers['x-hostname'] || getHostname(ctx.req);
      if (!ctx.resolvedAppName && hostname === process.env.NB_SUB_APP_HOST) {
        ctx.resolvedAppName = process.env.NB_SUB_APP;
      }
      await next();
    });
  }

  let stopping;
  const stop = (code) => {
    stopping ??= (async () => {
      setTimeout(() => {
        removeOwnDir();
        process.exit(code);
      }, 10_000).unref();
      gateway.close();
      gateway.server?.closeAllConnections();
      for (const running of Object.values(AppSupervisor.getInstance().apps ?? {}).reverse()) {
        await running.destroy().catch((error) => console.error(error));
      }
      removeOwnDir();
      process.exit(code);
    })();
  };
  process.on('SIGTERM', () => stop(0));
  process.on('SIGINT', () => stop(0));
  if (process.env.NB_EXIT_WITH_STDIN === '1') {
    process.stdin
      .resume()
      .on('end', () => stop(0))
      .on('error', () => stop(0));
  }

  const server = await listen(gateway);
  await startApplication(app);
  if (process.env.NB_SUB_APP) {
    await startApplication(createApplication(process.env.NB_SUB_APP));
  }
  if (web) {
    serveOldWebClient();
  }

  const url = `http://${HOST}:${server.address().port}${basePath.slice(0, -1)}`;
  const api = `http://${HOST}:${server.address().port}${apiPath.slice(0, -1)}`;
  const { token } = await post(api, 'auth:signIn', root);
  const key = { name: `start-${startedAt}`, role: { name: 'root' }, expiresIn: 'never' };
  const { token: apiKey } = await post(api, 'apiKeys:create', key, token);
  if (process.env.NB_AUTHENTICATOR) {
    const repository = app.db.getRepository('authenticators');
    const name = process.env.NB_AUTHENTICATOR;
    if (!(await repository.findOne({ filter: { name } }))) {
      const row = { name, authType: 'DingTalk', title: 'DingTalk', enabled: false };
      await post(api, 'authenticators:create', row, apiKey);
    }
  }

  // A jwt_secret.dat in an existing folder takes precedence over APP_KEY, in NocoBase as here.
  const secretFile = path.join(process.env.STORAGE_PATH, 'apps/main/jwt_secret.dat');
  const fromFile = fs.existsSync(secretFile);
  const ready = {
    url,
    api,
    apiKey,
    jwtSecret: fromFile ? fs.readFileSync(secretFile).toString('base64') : process.env.APP_KEY,
    jwtSecretSource: fromFile ? `${secretFile} (base64 of its bytes)` : 'APP_KEY',
    root,
    app: 'main',
    dir,
    readyMs: Date.now() - startedAt,
    rssMB: process.memoryUsage().rss >> 20,
  };
  printLine(`${JSON.stringify(ready)}\n`);
  if (process.env.NB_COMMANDS === '1') {
    readline.createInterface({ input: process.stdin }).on('line', (line) => carryOut(app, line));
  }
}

main().catch((error) => {
  console.error(error);
  removeOwnDir();
  process.exit(1);
});
