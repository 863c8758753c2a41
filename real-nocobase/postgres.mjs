// A temporary PostgreSQL cluster, for tests only. Types: postgres.d.mts.
import { execFile, execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.mjs';

const run = promisify(execFile);

/** The newest folder that contains initdb and pg_ctl. Debian keeps them out of PATH. */
function findBinaries() {
  const debian = '/usr/lib/postgresql';
  let versions = [];
  try {
    versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
  } catch {
    // not Debian, or not installed
  }
  const candidates = [
    ...(process.env.PG_BIN ? [process.env.PG_BIN] : []),
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
    '/opt/homebrew/opt/postgresql/bin',
  ];
  for (const bin of candidates) {
    try {
      accessSync(join(bin, 'initdb'), constants.X_OK);
      accessSync(join(bin, 'pg_ctl'), constants.X_OK);
      return bin;
    } catch {
      // try the next one
    }
  }
  throw new Error(
    'PostgreSQL is not installed: no initdb and pg_ctl in /usr/lib/postgresql/*/bin or PATH. Install it (Debian, Ubuntu: apt-get install postgresql) or set PG_BIN to their folder.',
  );
}

/** PostgreSQL refuses to run as root; Debian's package has a user for it. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  try {
    const id = (flag) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    throw new Error(
      'PostgreSQL does not run as root and there is no user "postgres" to run it as. Run the tests as another user, or create it: useradd --system postgres.',
    );
  }
}

export async function launchPostgres({ settings: own = {} } = {}) {
  const bin = findBinaries();
  const as = unprivilegedUser();
  const dir = mkdtempSync(join(tmpdir(), 'real-nocobase-pg-'));
  if (as) {
    chownSync(dir, as.uid, as.gid);
  }
  const data = join(dir, 'data');
  const log = join(dir, 'log');
  const options = { ...as, cwd: dir, env: { ...process.env, LC_ALL: 'C', HOME: dir } };
  const user = 'postgres';
  const database = 'postgres';
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    await run(join(bin, 'initdb'), ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--no-sync'], options);
    const port = await freePort();
    const further = Object.entries(own).map(([name, value]) => ` -c ${name}=${value}`);
    const settings = `-p ${port} -k ${dir} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off${further.join('')}`;
    // pg_ctl leaves the server running with its output in the log file, so that no pipe keeps this process waiting.
    await run(join(bin, 'pg_ctl'), ['-D', data, '-l', log, '-w', '-t', '30', '-o', settings, 'start'], options);
    const stopNow = () =>
      execFileSync(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], { ...options, stdio: 'ignore' });
    const atExit = () => {
      stopNow();
      remove();
    };
    process.once('exit', atExit);
    let stopped = false;
    const stop = async () => {
      if (!stopped) {
        stopped = true;
        process.off('exit', atExit);
        await run(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], options);
        remove();
      }
    };
    return { host: '127.0.0.1', port, user, database, stop };
  } catch (error) {
    let serverLog = '';
    try {
      serverLog = readFileSync(log, 'utf8');
    } catch {
      // initdb failed, so there is no log
    }
    remove();
    throw new Error(`PostgreSQL did not start: ${error.message}\n${error.stderr ?? ''}${serverLog}`, { cause: error });
  }
}
