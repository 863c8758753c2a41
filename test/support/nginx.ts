import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { type Proxy, ProxyProgram, type ProxyTargets } from './proxy-program.js';
import { substitute } from './substitute.js';

const SHIPPED = resolve('deploy/proxy/nginx.conf');
const SCRIPT = resolve('deploy/proxy/sign-in.js');

/** A real nginx on a free port of this machine with the shipped configuration. */
export class Nginx implements Proxy {
  private constructor(
    readonly origin: string,
    readonly plainOrigin: string,
    private readonly folder: string,
    private readonly program: ProxyProgram,
  ) {}

  /** Replaced: both upstreams, the listen addresses, TLS (the gateway takes http on loopback), paths of files; the host has a second name. */
  static async start(program: string, { nocobase, gatewayPort, changes = {} }: ProxyTargets): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'));
    const [port, plainPort] = [await freePort(), await freePort()];
    const site = substitute(readFileSync(SHIPPED, 'utf8'), {
      'server 127.0.0.1:13000;': `server ${new URL(nocobase).host};`,
      'server 127.0.0.1:3000;': `server 127.0.0.1:${gatewayPort};`,
      'listen 443 ssl http2': `listen 127.0.0.1:${port}`,
      'listen [::]:443 ssl http2 default_server;': '',
      'listen [::]:443 ssl http2;': '',
      'listen 80': `listen 127.0.0.1:${plainPort}`,
      'listen [::]:80 default_server;': '',
      'listen [::]:80;': '',
      'server_name app.example.com;': 'server_name app.example.com 127.0.0.1;',
      'ssl_certificate /etc/nginx/tls/fullchain.pem;': '',
      'ssl_certificate_key /etc/nginx/tls/privkey.pem;': '',
      '/var/log/nginx/': `${folder}/`,
      '/etc/nginx/nocobase-dingtalk-gateway/sign-in.js': SCRIPT,
      ...changes,
    });
    const main = writeMain(folder, site);
    const running = await ProxyProgram.start(program, ['-p', folder, '-c', main, '-g', 'daemon off;'], port);
    return new Nginx(`http://127.0.0.1:${port}`, `http://127.0.0.1:${plainPort}`, folder, running);
  }

  /** What nginx has written about requests, into both of its logs. */
  get log(): string {
    const read = (name: string) => readFileSync(join(this.folder, `nocobase.${name}.log`), 'utf8');
    return read('access') + read('error');
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * `nginx -t` on the shipped file; a certificate is all it wants from the machine.
 *
 * @throws with nginx's own words
 */
export async function checkNginxConfiguration(program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'));
  const run = promisify(execFile);
  try {
    const [key, certificate] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')];
    const subject = ['-subj', '/CN=app.example.com', '-keyout', key, '-out', certificate];
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject]);
    const site = substitute(readFileSync(SHIPPED, 'utf8'), {
      '/etc/nginx/tls/': `${folder}/`,
      '/var/log/nginx/': `${folder}/`,
    });
    await run(program, ['-t', '-p', folder, '-c', writeMain(folder, site)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a distribution's nginx.conf does around a site, kept to one folder. */
function writeMain(folder: string, site: string): string {
  writeFileSync(join(folder, 'site.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const http = ['include /etc/nginx/mime.types;', 'gzip on;', ...temporary, `include ${folder}/site.conf;`];
  const main = join(folder, 'main.conf');
  writeFileSync(main, `pid ${folder}/nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\n${http.join('\n')}\n}\n`);
  return main;
}
