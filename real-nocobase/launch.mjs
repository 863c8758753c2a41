// Installs and starts the real NocoBase of this folder. Types: launch.d.mts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const STAMP = 'node_modules/.real-nocobase-stamp';
const LOCK = '.install-lock';
const READY_TIMEOUT_MS = 120_000;
/** The port of RFC 863 (discard), which nothing serves today. */
const NOWHERE = 'http://127.0.0.1:9';

/** Hash of everything `npm ci` depends on. */
function wantedStamp(baseDir) {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    hash.update(readFileSync(join(baseDir, name)));
  }
  return hash.digest('hex');
}

function isInstalled(baseDir) {
  const stamp = join(baseDir, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedStamp(baseDir);
}

/** The last lines of a stream, for error messages. */
function tailOf(stream, onLine = () => {}) {
  const lines = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > 40) {
      lines.shift();
    }
    onLine(line);
  });
  return () => lines.join('\n');
}

async function npmCi(baseDir, onProgress) {
  const windows = process.platform === 'win32';
  // npm passes its own configuration to the scripts that it runs; the outer project's must not reach this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?:config_(?:prefix|local_prefix|global)|package_|lifecycle_)/i.test(name),
    ),
  );
  const child = spawn(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: baseDir,
    env,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  tailOf(child.stdout, onProgress);
  const tail = tailOf(child.stderr, onProgress);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`npm ci in ${baseDir} failed with code ${code}:\n${tail()}`);
  }
}

/** Runs `work` while holding a lock folder, which its owner touches so that the lock of a dead owner can be recognized. */
async function withLock(lock, isDone, onProgress, work) {
  for (let told = false; ;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    }
    if (isDone()) {
      return;
    }
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (touched !== undefined && Date.now() - touched > 30_000) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) {
      onProgress('another process is installing NocoBase, waiting for it');
      told = true;
    }
    await delay(500);
  }
  const touch = setInterval(() => utimesSync(lock, new Date(), new Date()), 5000);
  try {
    if (!isDone()) {
      await work();
    }
  } finally {
    clearInterval(touch);
    rmdirSync(lock);
  }
}

export async function installRealNocoBase({ onProgress = () => {}, baseDir = folder } = {}) {
  const installed = () => isInstalled(baseDir);
  if (installed()) {
    return;
  }
  await withLock(join(baseDir, LOCK), installed, onProgress, async () => {
    onProgress(`installing NocoBase with npm ci in ${baseDir} (about 230 MB, about a minute)`);
    await npmCi(baseDir, onProgress);
    writeFileSync(join(baseDir, STAMP), wantedStamp(baseDir));
  });
}

const databaseVariables = {
  dialect: 'DB_DIALECT',
  storage: 'DB_STORAGE',
  host: 'DB_HOST',
  port: 'DB_PORT',
  user: 'DB_USER',
  password: 'DB_PASSWORD',
  database: 'DB_DATABASE',
};

/**
 * Adds a plugin as an administrator does on the plugin manager's page: uploads its .tgz, then enables it. NocoBase restarts its
 * application within the process, and answers 503 meanwhile.
 */
export async function installPlugin({ api, apiKey }, { file, packageName, app = 'main', timeoutMs = 60_000 }) {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-app': app };
  const deadline = Date.now() + timeoutMs;
  const until = async (what, isDone) => {
    while (!(await isDone().catch(() => false))) {
      if (Date.now() > deadline) {
        throw new Error(`NocoBase did not ${what} ${packageName} in ${timeoutMs / 1000} s`);
      }
      await delay(100);
    }
  };
  const list = async (action) => {
    const response = await fetch(`${api}/pm:${action}`, { headers });
    return response.ok ? (await response.json()).data : [];
  };

  const form = new FormData();
  form.append('file', new Blob([readFileSync(file)]), basename(file));
  await post('pm:add', { body: form });
  await until('take', async () => (await list('list')).some((plugin) => plugin.packageName === packageName));
  await until('enable', async () => {
    if ((await list('listEnabled')).some((plugin) => plugin.packageName === packageName)) {
      return true;
    }
    // NocoBase answers 200 but drops the command while it is still processing the upload.
    await post(`pm:enable?filterByTk=${encodeURIComponent(packageName)}&awaitResponse=true`);
    return false;
  });

  async function post(action, init = {}) {
    const response = await fetch(`${api}/${action}`, { method: 'POST', headers, ...init });
    if (!response.ok) {
      throw new Error(`${action}: HTTP ${response.status} ${await response.text()}`);
    }
  }
}

export async function launchRealNocoBase(options = {}) {
  const {
    port = 0,
    web = false,
    as,
    publicPath,
    appKey,
    authenticator,
    subApp,
    subAppHost,
    database,
    from,
    plugin,
    env = {},
    onProgress,
  } = options;
  const { baseDir = folder, readyTimeoutMs = READY_TIMEOUT_MS, commands = false, background = false } = options;
  const settings = {
    PORT: port,
    NB_WEB: web ? '1' : undefined,
    NB_AS: as,
    APP_PUBLIC_PATH: publicPath,
    APP_KEY: appKey,
    NB_AUTHENTICATOR: authenticator,
    NB_SUB_APP: subApp,
    NB_SUB_APP_HOST: subAppHost,
    NB_FROM: from,
    ...Object.fromEntries(Object.entries(database ?? {}).map(([key, value]) => [databaseVariables[key], value])),
    // The plugin's own sign-in reaches nothing outside, whatever a test enters: nothing listens there.
    DINGTALK_LOGIN_URL: NOWHERE,
    DINGTALK_API_URL: NOWHERE,
    DINGTALK_OAPI_URL: NOWHERE,
    ...env,
    NB_EXIT_WITH_STDIN: '1',
    NB_COMMANDS: commands ? '1' : undefined,
  };
  // Only PATH and the like from outside: a DB_HOST or APP_KEY in the caller's environment is not meant for this NocoBase.
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'TZ'];
  const childEnv = Object.fromEntries(
    [
      ...inherited.map((name) => [name, process.env[name]]),
      ...Object.entries(settings).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
    ].filter(([, value]) => value !== undefined),
  );

  const child = spawn(process.execPath, ['server.cjs'], {
    cwd: baseDir,
    env: childEnv,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}); // the process ended before we closed the pipe
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);
  const exited = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', (code, signal) => resolve(signal ?? code));
  }).finally(() => process.off('exit', killWithParent));
  const tail = tailOf(child.stderr, onProgress);

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const force = setTimeout(killWithParent, 15_000);
      await exited;
      clearTimeout(force);
    }
  };

  // Callers send one command at a time, and wait for its answer.
  let heard;
  const nextAnswer = () => new Promise((resolve) => (heard = (answer) => resolve({ answer })));
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      heard(JSON.parse(line));
    } catch {
      // not a message for us
    }
  });
  const ready = nextAnswer();
  let timer;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, readyTimeoutMs, { problem: `was not ready after ${readyTimeoutMs / 1000} s` });
  });
  const ended = exited.then((why) => ({ problem: `ended (${why instanceof Error ? why.message : why})` }));
  const { answer, problem } = await Promise.race([ready, ended, timeout]);
  clearTimeout(timer);
  if (!answer) {
    child.kill('SIGKILL');
    await exited;
    throw new Error(`The real NocoBase ${problem}. The end of its output:\n${tail()}`);
  }
  const command = async (line) => {
    const answered = nextAnswer();
    child.stdin.write(`${line}\n`);
    const { answer: said, problem: gone } = await Promise.race([answered, ended]);
    if (said?.done === undefined) {
      throw new Error(`The real NocoBase, asked to "${line}": ${said?.failed ?? gone}\n${tail()}`);
    }
  };
  if (background) {
    for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
      handle.unref();
    }
  }
  const running = {
    url: answer.url,
    api: answer.api,
    apiKey: answer.apiKey,
    jwtSecret: answer.jwtSecret,
    jwtSecretSource: answer.jwtSecretSource,
    root: answer.root,
    rss: answer.rssMB * 1024 * 1024,
    readyMs: answer.readyMs,
    pid: child.pid,
    keep: () => command('keep'),
    reset: () => command('reset'),
    moveClock: (milliseconds) => command(`clock ${milliseconds}`),
    killBefore: (...statements) => command(`kill ${JSON.stringify(statements)}`),
    kill: () => child.kill('SIGKILL'),
    ended: exited,
    stop,
  };
  if (plugin !== undefined && from === undefined) {
    try {
      for (const app of ['main', ...(subApp === undefined ? [] : [subApp])]) {
        await installPlugin(running, { ...plugin, app });
      }
    } catch (error) {
      await stop();
      throw error;
    }
  }
  return running;
}
