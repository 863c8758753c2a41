import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { type Proxy, ProxyProgram, type ProxyTargets } from './proxy-program.js';
import { substitute } from './substitute.js';

const SHIPPED = resolve('deploy/proxy/nginx.conf');
const SCRIPT = resolve('deploy/proxy/sign-in.js');

/** What a configuration depends on. */
export interface NginxPlace {
  /** For logs and temporary files. */
  readonly folder: string;
  readonly port: number;
  /** For what does not use TLS in the shipped files either. */
  readonly plainPort: number;
}

/** A real nginx on a free port of this machine. */
export class Nginx implements Proxy {
  private constructor(
    readonly origin: string,
    readonly plainOrigin: string,
    private readonly folder: string,
    private readonly program: ProxyProgram,
  ) {}

  /**
   * With the shipped recipe. Replaces both upstreams, the listen addresses, TLS (the gateway accepts http on loopback) and paths of
   * files; the host has a second name.
   */
  static async start(
    program: string,
    { nocobase, gatewayPort, changes = {} }: ProxyTargets,
    shipped = readFileSync(SHIPPED, 'utf8'),
  ): Promise<Nginx> {
    return Nginx.serving(program, (place) =>
      substitute(withoutTls(shipped, place), {
        'server 127.0.0.1:13000;': `server ${new URL(nocobase).host};`,
        'server 127.0.0.1:3000;': `server 127.0.0.1:${gatewayPort};`,
        'server_name app.example.com;': 'server_name app.example.com 127.0.0.1;',
        ...changes,
      }),
    );
  }

  static async serving(program: string, site: (place: NginxPlace) => string): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'));
    const [port, plainPort] = [await freePort(), await freePort()];
    const main = writeMain(folder, site({ folder, port, plainPort }));
    const running = await ProxyProgram.start(program, ['-p', folder, '-c', main, '-g', 'daemon off;'], port);
    return new Nginx(`http://127.0.0.1:${port}`, `http://127.0.0.1:${plainPort}`, folder, running);
  }

  /** What nginx has logged about requests, in all of its logs. */
  get log(): string {
    const logs = readdirSync(this.folder).filter((name) => name.endsWith('.log'));
    return logs.map((name) => readFileSync(join(this.folder, name), 'utf8')).join('');
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A shipped file on one machine without a certificate: with other listen addresses and paths of files. */
export function withoutTls(shipped: string, { folder, port, plainPort }: NginxPlace): string {
  return shipped
    .replace(/^ *listen \[::\].*\n/gm, '')
    .replace(/^ *ssl_certificate.*\n/gm, '')
    .replaceAll('listen 443 ssl http2', `listen 127.0.0.1:${port}`)
    .replaceAll('listen 80', `listen 127.0.0.1:${plainPort}`)
    .replaceAll('/var/log/nginx/', `${folder}/`)
    .replaceAll('/etc/nginx/nocobase-dingtalk-gateway/sign-in.js', SCRIPT);
}

/**
 * `nginx -t` on the shipped file; the certificate is all that it needs from the machine.
 *
 * @throws with nginx's own message
 */
export async function checkNginxConfiguration(program: string, shipped = readFileSync(SHIPPED, 'utf8')): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'));
  const run = promisify(execFile);
  try {
    const [key, certificate] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')];
    const subject = ['-subj', '/CN=app.example.com', '-keyout', key, '-out', certificate];
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject]);
    const site = substitute(shipped, { '/var/log/nginx/': `${folder}/` }).replace(
      /\/etc\/nginx\/tls\/(?:sso\/)?/g,
      `${folder}/`,
    );
    await run(program, ['-t', '-p', folder, '-c', writeMain(folder, site)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a distribution's nginx.conf contains around a site, limited to one folder. */
function writeMain(folder: string, site: string): string {
  // Started by root, nginx works as another user, who needs access to the temporary files: a response that the browser reads more
  // slowly than NocoBase sends it is buffered there, and truncated if that fails.
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'site.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const http = ['include /etc/nginx/mime.types;', 'gzip on;', ...temporary, `include ${folder}/site.conf;`];
  const main = join(folder, 'main.conf');
  writeFileSync(main, `pid ${folder}/nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\n${http.join('\n')}\n}\n`);
  return main;
}
