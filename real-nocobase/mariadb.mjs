// A temporary MariaDB, for tests only. Types: mariadb.d.mts.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.mjs';

const run = promisify(execFile);

const HOST = '127.0.0.1';
const USER = 'root';
const DATABASE = 'nocobase';
/** Data may be lost in a crash; memory and files are sized for a few rows. */
const SETTINGS = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
  '--innodb-buffer-pool-size=64M',
  '--innodb-log-file-size=16M',
  '--performance-schema=0',
  '--debug-no-sync',
  '--skip-log-bin',
  '--character-set-server=utf8mb4',
];

/** MariaDB does not run as root; Debian's package has a user for it. */
function unprivilegedUser(folder) {
  if (process.getuid?.() !== 0) {
    return [];
  }
  try {
    const id = (flag) =>
      Number(execFileSync('id', [flag, 'mysql'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    chownSync(folder, id('-u'), id('-g'));
    return ['--user=mysql'];
  } catch {
    throw new Error(
      'MariaDB does not run as root and there is no user "mysql" to run it as. Run the tests as another user, or create it: useradd --system mysql.',
    );
  }
}

export async function launchMariaDb() {
  const dir = mkdtempSync(join(tmpdir(), 'real-nocobase-mariadb-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  // Debian keeps the server out of ordinary users' PATH.
  const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter) };
  const data = join(dir, 'data');
  let log = '';
  try {
    const as = unprivilegedUser(dir);
    const install = ['--auth-root-authentication-method=normal', '--skip-test-db', ...SETTINGS];
    await run('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, ...as, ...install], { env });
    const port = await freePort();
    const first = join(dir, 'first.sql');
    writeFileSync(first, `CREATE DATABASE ${DATABASE};\n`);
    const where = [
      `--bind-address=${HOST}`,
      `--port=${port}`,
      `--socket=${join(dir, 'socket')}`,
      '--skip-name-resolve',
    ];
    const server = spawn(
      'mariadbd',
      ['--no-defaults', `--datadir=${data}`, ...as, ...where, ...SETTINGS, `--init-file=${first}`],
      {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const kill = () => {
      server.kill('SIGKILL');
      remove();
    };
    process.once('exit', kill);
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`mariadbd ended with code ${code}`)));
      server.stderr.on('data', (chunk) => {
        log = (log + chunk).slice(-5000);
        if (log.includes('ready for connections')) resolve();
      });
    });
    const stop = async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      process.off('exit', kill);
      remove();
    };
    const client = ['--no-defaults', `--host=${HOST}`, `--port=${port}`, `--user=${USER}`, DATABASE];
    const runSql = async (sql) => void (await run('mariadb', [...client, `--execute=${sql}`], { env }));
    return { host: HOST, port, user: USER, database: DATABASE, run: runSql, stop };
  } catch (error) {
    remove();
    throw new Error(`MariaDB did not start: ${error.message}\n${error.stderr ?? ''}${log}`, { cause: error });
  }
}
