import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { type Proxy, ProxyProgram, type ProxyTargets } from './proxy-program.js';
import { substitute } from './substitute.js';

const RECIPES = resolve('deploy/proxy');

/** A real Caddy on a free port of this machine with the shipped configuration. */
export class Caddy implements Proxy {
  private constructor(
    readonly origin: string,
    private readonly folder: string,
    private readonly program: ProxyProgram,
  ) {}

  /** Replaces both upstreams, the site's address (and with it TLS) and the folder of the files, and disables the admin port. */
  static async start(
    program: string,
    { nocobase, gatewayPort, changes = {} }: ProxyTargets,
    recipe: 'Caddyfile' | 'Caddyfile-plugin' = 'Caddyfile',
  ): Promise<Caddy> {
    const folder = mkdtempSync(join(tmpdir(), 'caddy-test-'));
    const origin = `http://127.0.0.1:${await freePort()}`;
    const file = join(folder, 'Caddyfile');
    const site = substitute(readFileSync(join(RECIPES, recipe), 'utf8'), {
      '127.0.0.1:13000': new URL(nocobase).host,
      '127.0.0.1:3000': `127.0.0.1:${gatewayPort}`,
      '\napp.example.com {': `\n${origin} {`,
      '\tlog default {': '\tadmin off\n\tlog default {',
      ...changes,
    });
    writeFileSync(file, site.replaceAll('/etc/caddy/nocobase-dingtalk-gateway', RECIPES));
    const port = Number(new URL(origin).port);
    const parameters = ['run', '--adapter', 'caddyfile', '--config', file];
    return new Caddy(origin, folder, await ProxyProgram.start(program, parameters, port, homeIn(folder)));
  }

  get log(): string {
    return this.program.said;
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * `caddy validate` on the unmodified shipped file.
 *
 * @throws with Caddy's own message
 */
export async function checkCaddyfile(program: string, recipe = 'Caddyfile'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'caddy-test-'));
  try {
    cpSync(join(RECIPES, recipe), join(folder, 'Caddyfile'));
    const parameters = ['validate', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
    await promisify(execFile)(program, parameters, { env: { ...process.env, ...homeIn(folder) } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Caddy stores certificates and its last configuration in the home folder. */
function homeIn(folder: string): Record<string, string> {
  return { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
}
