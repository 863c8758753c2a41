import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { parse, parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { JWKS_PATH } from '../src/core/plugin-protocol/index.js';
import { readSettings, type Settings } from '../src/settings.js';
import { together } from './deployment/compose-together.js';
import { type ComposeService, composeFile } from './deployment/compose.types.js';
import { dockerContext } from './deployment/docker-context.js';
import { parseDockerfile } from './deployment/dockerfile.js';
import { fileTree } from './deployment/file-tree.js';
import * as manifests from './deployment/manifests.types.js';
import { replay, type ReplayedImage } from './deployment/replayed-image.js';
import { knownVariables, readEnvFile } from './deployment/variables.js';
import { freePort } from './support/free-port.js';
import { packedPlugin } from './support/nocobase-plugin.js';
import { codeBlocks, pages } from './support/handbook.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';

const REPOSITORY = join(__dirname, '..');
const DEPLOY = join(REPOSITORY, 'deploy');
const read = (...path: string[]): string => readFileSync(join(REPOSITORY, ...path), 'utf8');
const run = promisify(execFile);

const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
const variables = knownVariables(REPOSITORY);

/** How long a stop waits for sign-ins in progress, from src/cli/graceful-stop.ts. */
const patienceSeconds =
  Number(/PATIENCE_MS = ([\d_]+)/.exec(read('src/cli/graceful-stop.ts'))?.[1]?.replaceAll('_', '')) / 1000;

const CONFIGURATION = {
  AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
  DINGTALK_CLIENT_ID: 'client-id',
  DINGTALK_CLIENT_SECRET: 'client-secret',
  NOCOBASE_URL: 'http://127.0.0.1:9',
  NOCOBASE_API_TOKEN: 'api-token',
  NOCOBASE_JWT_SECRET: 'a-jwt-secret-for-tests-and-not-a-real-one',
};

/** The gateway's reading of a deployment's variables, with the files of its secrets present. */
function gatewayWith(environment: Readonly<Record<string, string>>): Settings {
  const secret = join(folder, 'a-secret');
  writeFileSync(secret, CONFIGURATION.AUTH_COOKIE_SECRET);
  return readSettings(
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, name.endsWith('_FILE') ? secret : value]),
    ),
  );
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  // The image's user needs access.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('The test knows the variables of .env.example', () => {
  expect([...variables]).toEqual(expect.arrayContaining(['PUBLIC_URL', 'REDIS_URL', 'AUTH_COOKIE_SECRET_FILE']));
  expect(variables.has('PORT_FILE')).toBe(false);
  expect(patienceSeconds).toBeGreaterThan(10);
});

describe('The container image', () => {
  const stages = parseDockerfile(read('Dockerfile'));
  let image: ReplayedImage;

  beforeAll(async () => {
    image = await replay(stages, REPOSITORY, folder);
    // The base image's part: a Node that every user may run.
    const node = join(image.root, 'usr/local/bin/node');
    mkdirSync(dirname(node), { recursive: true });
    copyFileSync(process.execPath, node);
  }, 600_000);

  it('has one base, an official Node that this repository is tested on', () => {
    expect(new Set(stages.map(({ base }) => base))).toEqual(new Set(['node:24-alpine']));
  });

  it('is described by its labels', () => {
    expect(image.labels).toEqual({
      'org.opencontainers.image.title': 'nocobase-dingtalk-gateway',
      'org.opencontainers.image.description': expect.any(String),
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'MIT',
    });
  });

  it('contains no secret, no history and nothing that was installed or built elsewhere', () => {
    const inContext = dockerContext(REPOSITORY);
    const kept = ['package.json', 'src/main.ts', 'deploy/docker/health-check.mjs'];
    const left = ['.env', '.git/HEAD', 'node_modules/a/b.js', 'dist/main.js', 'deploy/compose/secrets/db_password'];
    expect([...kept, ...left, 'src/settings.spec.ts', 'id_rsa'].filter(inContext)).toEqual(kept);
  });

  it('contains the built gateway, what it needs, and nothing else', () => {
    const files = [...fileTree(join(image.root, image.workdir))];
    const top = new Set(files.map(([path]) => path.split('/')[0]));
    expect(top).toEqual(new Set(['LICENSE', 'dist', 'health-check.mjs', 'node_modules', 'package.json']));
    const paths = files.map(([path]) => path);
    expect(paths.filter((path) => /^dist\/.*\.spec\.js$|\.(map|[mc]?ts)$|(^|\/)\.(npmrc|env)$/.test(path))).toEqual([]);
    expect(paths).toContain('dist/plugin.tgz');
    expect(existsSync(join(image.root, image.workdir, 'node_modules/typescript'))).toBe(false);
    // Without compiled parts, the packages work with any C library of the base image.
    expect(paths.filter((path) => path.endsWith('.node'))).toEqual([]);
    const megabytes = files.reduce((sum, [, stats]) => sum + stats.size, 0) / 1024 / 1024;
    expect(megabytes).toBeLessThan(60);
  });

  it('contains the same plugin as any build of this source, byte for byte', () => {
    const inImage = readFileSync(join(image.root, image.workdir, 'dist/plugin.tgz'));
    expect(inImage.equals(readFileSync(packedPlugin()))).toBe(true);
  }, 60_000);

  it('can be read by its user and written by root only', () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const files = [...fileTree(join(image.root, image.workdir))].filter(([, stats]) => !stats.isSymbolicLink());
    const mode = (path: string): number => files.find(([other]) => other === path)?.[1].mode ?? 0;
    expect(files.filter(([, stats]) => (stats.mode & 0o004) === 0)).toEqual([]);
    expect(files.filter(([, stats]) => (stats.mode & 0o002) !== 0)).toEqual([]);
    expect(mode('package.json') & 0o777).toBe(0o644);
  });

  it('runs no package manager and no shell', () => {
    expect(image.entrypoint).toEqual(['node', '/app/dist/main.js']);
    expect(image.command).toEqual(['start']);
    expect(image.env).toEqual({ NODE_ENV: 'production' });
  });

  it('starts as its user, writes nothing, reports its health, and ends with 0 on SIGTERM', async () => {
    const port = await freePort();
    const environment = { ...CONFIGURATION, PUBLIC_URL: 'https://app.example.com/sso/', PORT: String(port) };
    const before = snapshot();
    const gateway = inContainer([...image.entrypoint, ...image.command], environment);
    try {
      while (!gateway.output().includes('"listening"')) {
        if (gateway.child.exitCode !== null) throw new Error(`no start: ${gateway.output()}`);
        await delay(20);
      }
      const live = await fetch(`http://127.0.0.1:${port}/sso/health/live`);
      expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);

      const health = async (changed: Record<string, string>): Promise<number | null> =>
        inContainer(image.healthCheck, { ...environment, ...changed }).ended;
      expect(await health({})).toBe(0);
      expect(await health({ HOST: '127.0.0.1' })).toBe(0);
      expect(await health({ PUBLIC_URL: 'https://app.example.com/elsewhere' })).toBe(1);
      expect(await health({ PORT: String(await freePort()) })).toBe(1);
      // A proxy from the environment is not for addresses inside.
      expect(await health({ HTTP_PROXY: 'http://127.0.0.1:9', NODE_USE_ENV_PROXY: '1' })).toBe(0);
    } finally {
      gateway.child.kill('SIGTERM');
    }
    expect(await gateway.ended).toBe(0);
    expect(snapshot()).toEqual(before);
    expect(image.exposed).toBe('3000');
  });

  it('creates its secret in the folder for its volume, and nowhere else', async () => {
    const state = join(image.root, 'state');
    expect([statSync(state).mode & 0o777, readdirSync(state)]).toEqual([0o700, []]);
    const addresses = { PUBLIC_URL: 'https://app.example.com/sso', NOCOBASE_URL: 'http://127.0.0.1:9' };
    const withoutVolume = inContainer([...image.entrypoint, 'check'], addresses);
    // Only root can write to the program's folder.
    const isRoot = process.getuid?.() === 0;
    expect([await withoutVolume.ended, withoutVolume.output().includes('STATE_FOLDER')]).toEqual([
      Number(isRoot),
      isRoot,
    ]);
    const port = String(await freePort());
    const gateway = inContainer([...image.entrypoint, 'start'], { ...addresses, STATE_FOLDER: state, PORT: port });
    while (!gateway.output().includes('"listening"')) {
      if (gateway.child.exitCode !== null) throw new Error(`no start: ${gateway.output()}`);
      await delay(20);
    }
    const plugin = await fetch(`http://127.0.0.1:${port}/sso/plugin.tgz`);
    expect([plugin.status, plugin.headers.get('content-type')]).toEqual([200, 'application/gzip']);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(readdirSync(state)).toEqual(['cookie-secret']);
  });

  /** A program of the image as the image's user, in the image's folder, with only the given environment. */
  function inContainer(words: readonly string[], environment: Record<string, string>) {
    const [program = '', ...rest] = words;
    const inRoot = (path: string): string => (path.startsWith('/') ? join(image.root, path) : path);
    const [uid, gid] = image.user.split(':').map(Number);
    const isRoot = process.getuid?.() === 0;
    const child = spawn(join(image.root, 'usr/local/bin', program), rest.map(inRoot), {
      cwd: join(image.root, image.workdir),
      env: { ...image.env, ...environment },
      // Only root can become another user.
      ...(isRoot ? { uid: uid ?? 0, gid: gid ?? 0 } : {}),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    }
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    return { child, ended, output: () => output };
  }

  function snapshot(): string[] {
    return [...fileTree(image.root)].map(([path, { size, mtimeMs }]) => `${path} ${size} ${mtimeMs}`).toSorted();
  }
});

describe('The npm package', () => {
  const packed = z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  });
  let tarball: z.infer<typeof packed>;
  let application: string;

  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: REPOSITORY });
    const answer = z.union([z.tuple([packed]), z.record(z.string(), packed)]).parse(JSON.parse(stdout));
    tarball = Object.values(answer)[0]!;
    application = join(folder, 'application');
    mkdirSync(application);
    writeFileSync(join(application, 'package.json'), '{ "private": true, "type": "module" }');
    const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...flags, join(folder, tarball.filename)], { cwd: application });
  }, 600_000);

  it('contains what its user needs', () => {
    const paths = tarball.files.map(({ path }) => path);
    const others = paths.filter((path) => !path.startsWith('dist/'));
    expect(others.toSorted()).toEqual([
      '.env.example',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'README.zh.md',
      'SECURITY.md',
      'authenticators.schema.json',
      'package.json',
    ]);
    expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'dist/index.js', 'dist/index.d.ts']));
    // A source map would refer to sources that are not in the package.
    expect(paths.filter((path) => /\.(spec|test)\.|\.map$|\.tsbuildinfo$/.test(path))).toEqual([]);
    expect(paths.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts|json)$/.test(path))).toEqual([
      'dist/plugin.tgz',
      'dist/program/THIRD-PARTY-NOTICES.txt',
    ]);
    // Of which the packed plugin is some 650 kB.
    expect(tarball.size).toBeLessThan(2_800_000);
    expect(tarball.unpackedSize).toBeLessThan(11_500_000);
  });

  it('contains a program that names what is missing, one per line, and ends with 1', () => {
    const program = join(application, 'node_modules/.bin/nocobase-dingtalk-gateway');
    const { status, stdout, stderr } = spawnSync(program, {
      cwd: application,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^PUBLIC_URL is required.*\n(?:[A-Z_]+ is required.*\n)+\(there is no \S+\.env\)\n$/);
    expect(status).toBe(1);
  });

  it('is a library whose modules can be imported by its name', () => {
    const script = `console.log(Object.keys(await import('nocobase-dingtalk-gateway')).sort().join())`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: application,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const names = stdout.trim().split(',');
    expect(names).toEqual(expect.arrayContaining(['AuthModule', 'DingTalkModule', 'NocoBaseClientModule']));
    expect(names).toEqual(expect.arrayContaining(['SessionIssuer', 'SharedStoreModule', 'UserDirectory']));
  });
});

describe('The Compose file', () => {
  const composed = (...names: string[]) =>
    composeFile.parse(together(...names.map((name) => read('deploy/compose', name))));
  const compose = composed('compose.yaml', 'compose.override.yaml');
  const withPlugin = composed('compose.yaml', 'compose.plugin.yaml');
  const example = readEnvFile(join(DEPLOY, 'compose/.env.example'));
  const gateway = compose.services['gateway']!;

  it('builds and names the image of this version', () => {
    expect(gateway.image).toBe(`nocobase-dingtalk-gateway:${version}`);
    expect(compose.services['provision']).toMatchObject({ image: gateway.image, build: gateway.build });
  });

  it('pins every image', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/:\d+\.?\d*[\w.-]*$/);
    expect(compose.services['nocobase']?.image).toMatch(/^nocobase\/nocobase:2\.2\.\d+/);
  });

  it('opens only ports of nginx, which alone is in the outer network', () => {
    const outside = (service: ComposeService): boolean =>
      service.ports !== undefined || service.networks.includes('edge');
    const names = Object.entries(compose.services).filter(([, service]) => outside(service));
    expect(names.map(([name]) => name)).toEqual(['nginx']);
    expect([compose.networks['store'], compose.networks['database']]).toEqual([{ internal: true }, { internal: true }]);
    const members = (network: string): string[] =>
      Object.keys(compose.services).filter((name) => compose.services[name]?.networks.includes(network));
    expect(members('store')).toEqual(['gateway', 'redis']);
    expect(members('database')).toEqual(['nocobase', 'postgres']);
  });

  it("grants nobody more rights than NocoBase's image requires", () => {
    const free = Object.entries(compose.services).filter(([, { read_only, cap_drop }]) => !read_only || !cap_drop);
    expect(free.map(([name]) => name)).toEqual(['nocobase']);
    const asRoot = Object.entries(compose.services).filter(([, { user, build }]) => !user && !build);
    expect(asRoot.map(([name]) => name)).toEqual(['nocobase']);
  });

  it('monitors every service, and waits for them in order', () => {
    for (const [name, { healthcheck, depends_on: needed = {} }] of Object.entries(compose.services)) {
      expect(healthcheck === undefined ? [name] : []).toEqual(name === 'gateway' ? ['gateway'] : []);
      expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(needed)));
    }
    expect(Number.parseInt(gateway.stop_grace_period ?? '0', 10)).toBeGreaterThan(patienceSeconds);
  });

  it('stores what Redis holds in a volume of its own', () => {
    const { volumes = [] } = compose.services['redis']!;
    expect(volumes).toEqual(['redis-data:/data']);
    expect(Object.keys(compose.volumes)).toContain('redis-data');
  });

  describeWith('redis', 'runs a Redis', (program) => {
    it('that still has its data after it was killed, and evicts nothing', async () => {
      const [, ...parameters] = compose.services['redis']?.command ?? [];
      const data = mkdtempSync(join(folder, 'redis-'));
      const redis = await TestRedis.start(program, { more: [...parameters, '--dir', data] });
      const client = new Redis(redis.url);
      try {
        await client.set('kept', 'yes');
        await redis.stop();
        await redis.startAgain();
        expect(await client.get('kept')).toBe('yes');
        expect(await client.info('memory')).toMatch(/^maxmemory_policy:noeviction\r?$/m);
      } finally {
        client.disconnect();
        await redis.remove();
      }
    });
  });

  it('keeps every secret in a file, and mounts it for the services that need it', () => {
    for (const { environment = {}, command = [], secrets = [] } of Object.values(compose.services)) {
      const text = JSON.stringify([environment, command]);
      const named = [...text.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name);
      expect(new Set(named)).toEqual(new Set(secrets));
      expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets));
      const inPlain = Object.keys(environment).filter((name) => /SECRET|PASSWORD|TOKEN|_KEY/.test(name));
      // The name of a file, or the path of a form.
      expect(inPlain.filter((name) => !/_(?:FILE|PATH)$/.test(name))).toEqual([]);
    }
    expect([...example.keys()].filter((name) => /SECRET|PASSWORD|TOKEN|_KEY/.test(name))).toEqual([]);
  });

  it('uses variables that exist, and documents every one that it reads', () => {
    const ofGateway = Object.keys(gateway.environment ?? {});
    expect(ofGateway.filter((name) => !variables.has(name))).toEqual([]);
    const own = ['COMPOSE_PROJECT_NAME', 'SERVER_NAME', 'BIND_ADDRESS', 'NOCOBASE_ROOT_EMAIL', 'APP_SUBNET', 'TZ'];
    expect([...example.keys()].filter((name) => !variables.has(name))).toEqual(own);
    const substituted = [...read('deploy/compose/compose.yaml').matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name);
    expect([...example.keys()]).toEqual(expect.arrayContaining(substituted));
    // An .env cannot set what this file sets.
    expect([...example.keys()].filter((name) => ofGateway.includes(name))).toEqual([]);
  });

  it("directs people with a password past nginx's redirect", () => {
    const [, form] = /location @password \{\s+return 302 (\S+);/.exec(read('deploy/proxy/nginx.conf')) ?? [];
    for (const { services } of [compose, withPlugin]) {
      expect(services['gateway']?.environment?.['NOCOBASE_PASSWORD_PATH']).toBe(form);
    }
  });

  it('gives the gateway no secret of DingTalk or NocoBase if NocoBase has the plugin', () => {
    const { environment = {}, secrets } = withPlugin.services['gateway']!;
    expect(secrets).toEqual(['auth_cookie_secret']);
    expect(Object.keys(withPlugin.secrets)).not.toContain('dingtalk_client_secret');
    expect(Object.keys(environment).filter((name) => !variables.has(name))).toEqual([]);
    const named = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replace('${SERVER_NAME}', 'app.example.com')]),
    );
    const { source, notices } = gatewayWith({ ...named, TRUST_PROXY: '172.30.83.0/24' });
    expect([source.kind, notices]).toEqual(['nocobase', []]);
  });

  it("shows NocoBase's own sign-in page if it has the plugin", () => {
    const [stock, plugin] = [compose, withPlugin].map(({ services }) => services['nginx']!);
    expect(plugin?.command?.at(-1)).toBe(
      stock?.command
        ?.at(-1)
        ?.replace(
          'sh /opt/gateway/adapt-nginx.sh </opt/gateway/nginx.conf',
          'sed -f /opt/gateway/plugin.sed /opt/gateway/nginx.conf | sh /opt/gateway/adapt-nginx.sh',
        ),
    );
    expect(plugin?.volumes).toEqual([...(stock?.volumes ?? []), '../proxy/plugin.sed:/opt/gateway/plugin.sed:ro']);
    for (const volume of plugin?.volumes?.filter((one) => one.startsWith('../')) ?? []) {
      expect([volume, existsSync(join(DEPLOY, 'compose', volume.split(':')[0] ?? ''))]).toEqual([volume, true]);
    }
  });

  it('trusts X-Forwarded-For from its own network', () => {
    expect(gateway.environment?.['TRUST_PROXY']).toBe(compose.networks['app']?.ipam?.config[0]?.subnet);
  });

  it('mounts the proxy recipe where it looks for its files, and changes only names in it', () => {
    const recipe = read('deploy/proxy/nginx.conf');
    const env = { PATH: process.env['PATH'], SERVER_NAME: 'work.example.org' };
    const adapt = join(DEPLOY, 'compose/adapt-nginx.sh');
    const { stdout, status } = spawnSync('sh', [adapt], { input: recipe, env, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(new Set([...stdout.matchAll(/^ {2}server (\S+);/gm)].map(([, address]) => address))).toEqual(
      new Set(['gateway:3000', 'nocobase:13000']),
    );
    expect(new Set([...stdout.matchAll(/server_name (\S+);/g)].map(([, name]) => name))).toEqual(
      // The second server answers requests for any other host.
      new Set(['work.example.org', '_']),
    );
    expect(stdout).not.toMatch(/127\.0\.0\.1:|example\.com|\/var\/log/);
    const changed = stdout.split('\n').filter((line) => !recipe.includes(line));
    for (const line of changed) expect(line).toMatch(/^\s*(server|server_name|access_log|error_log|return 301) /);
    const mounts = (compose.services['nginx']?.volumes ?? []).map((volume) => volume.split(':')[1] ?? '');
    for (const [, path = ''] of stdout.matchAll(/(?:ssl_certificate|ssl_certificate_key|alias) (\/\S+);/g)) {
      expect(mounts.some((mount) => path === mount || path.startsWith(`${mount}/`)) ? '' : path).toBe('');
    }
    for (const SERVER_NAME of ['', 'a b', 'a/b', 'a;b']) {
      const refused = spawnSync('sh', [adapt], { input: recipe, env: { ...env, SERVER_NAME }, encoding: 'utf8' });
      expect([refused.status, refused.stdout]).toEqual([1, '']);
    }
  });

  describeWith('openssl', 'make-secrets.sh', () => {
    it('creates every secret once, hides it from other users, and prints none', () => {
      const place = join(folder, 'make-secrets');
      mkdirSync(place);
      copyFileSync(join(DEPLOY, 'compose/make-secrets.sh'), join(place, 'make-secrets.sh'));
      copyFileSync(join(DEPLOY, 'compose/.env.example'), join(place, '.env'));
      const env = { PATH: process.env['PATH'], DINGTALK_CLIENT_SECRET: 'canary-client-secret' };
      const make = () => spawnSync(join(place, 'make-secrets.sh'), { env, encoding: 'utf8' });
      const first = make();
      expect([first.status, first.stdout]).toEqual([0, '']);
      expect(first.stderr).not.toContain('canary');
      const contents = () =>
        new Map(
          readdirSync(join(place, 'secrets'))
            .filter((name) => name !== 'tls')
            .map((name) => [name, readFileSync(join(place, 'secrets', name), 'utf8')]),
        );
      const made = contents();
      expect([...made.keys()].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
      expect(statSync(join(place, 'secrets')).mode & 0o777).toBe(0o700);
      // Compose mounts the file unchanged, and the containers do not run as root.
      for (const name of made.keys()) expect(statSync(join(place, 'secrets', name)).mode & 0o777).toBe(0o644);
      expect(made.get('auth_cookie_secret')?.trim().length).toBeGreaterThanOrEqual(32);
      // A file of 32 bytes would be mistaken for jwt_secret.dat, whose bytes are not text.
      expect(Buffer.byteLength(made.get('nocobase_app_key') ?? '')).toBeGreaterThan(33);
      expect(made.get('nocobase_api_token')).toBe('');
      expect(make().status).toBe(0);
      expect(contents()).toEqual(made);
    });

    it.each([
      ['', 'as it stands there'],
      [' ', 'with a blank left in front'],
    ])('asks for no DingTalk settings if NocoBase has the plugin: "%sCOMPOSE_FILE=…", %s', (before) => {
      const place = mkdtempSync(join(folder, 'make-secrets-plugin-'));
      copyFileSync(join(DEPLOY, 'compose/make-secrets.sh'), join(place, 'make-secrets.sh'));
      const chosen = withPluginChosen(read('deploy/compose/.env.example'));
      writeFileSync(join(place, '.env'), chosen.replace(/^COMPOSE_FILE=/m, `${before}COMPOSE_FILE=`));
      const env = { PATH: process.env['PATH'] };
      const { status, stderr } = spawnSync(join(place, 'make-secrets.sh'), { env, encoding: 'utf8', input: '' });
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('Client Secret')]);
      const made = readdirSync(join(place, 'secrets')).filter((name) => name !== 'tls');
      expect(made.toSorted()).toEqual(Object.keys(withPlugin.secrets).toSorted());
    });
  });

  /** As the comment there says. */
  function withPluginChosen(example: string): string {
    expect(example).toContain('\n#COMPOSE_FILE=');
    return example.replace('#COMPOSE_FILE=', 'COMPOSE_FILE=').replace(/^DINGTALK_.*\n/gm, '');
  }

  describeWith('dockerCompose', 'as docker-compose reads it', (program) => {
    it.each([
      ['without the plugin', (example: string) => example, 4],
      ['with it', withPluginChosen, 1],
    ])('is valid, with every value present, %s', (_which, chosen, secrets) => {
      const place = join(mkdtempSync(join(folder, 'compose-')), 'compose');
      cpSync(join(DEPLOY, 'compose'), place, { recursive: true, filter: (path) => !/\/(secrets|\.env)$/.test(path) });
      writeFileSync(join(place, '.env'), chosen(readFileSync(join(place, '.env.example'), 'utf8')));
      const env = { PATH: process.env['PATH'] };
      const { status, stdout, stderr } = spawnSync(program, ['config'], { cwd: place, env, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const { services } = z
        .object({
          services: z.record(
            z.string(),
            z.object({
              environment: z.record(z.string(), z.string()).optional(),
              secrets: z.array(z.unknown()).optional(),
            }),
          ),
        })
        .parse(parse(stdout));
      expect(services['gateway']?.environment).toMatchObject({
        PUBLIC_URL: 'https://app.example.com/sso',
        NOCOBASE_PUBLIC_URL: 'https://app.example.com',
        TRUST_PROXY: '172.30.83.0/24',
      });
      expect(services['gateway']?.secrets).toHaveLength(secrets);
    });

    it("accepts the handbook's file for a relay, beside those that the handbook names", () => {
      const place = join(mkdtempSync(join(folder, 'compose-')), 'compose');
      cpSync(join(DEPLOY, 'compose'), place, { recursive: true, filter: (path) => !/\/(secrets|\.env)$/.test(path) });
      const relay =
        pages()
          .flatMap(codeBlocks)
          .find(({ info }) => info === 'yaml compose relay')?.text ?? '';
      writeFileSync(join(place, 'compose.relay.yaml'), relay);
      const named = ['en', 'zh'].map(
        (lang) => /`(COMPOSE_FILE=\S+)`/.exec(read('docs/handbook', lang, '12-deployment.md'))?.[1],
      );
      const [files = ''] = named;
      expect(new Set(named)).toEqual(new Set([files]));
      writeFileSync(join(place, '.env'), `${readFileSync(join(place, '.env.example'), 'utf8')}\n${files}\n`);
      const env = { PATH: process.env['PATH'] };
      const { status, stdout, stderr } = spawnSync(program, ['config'], { cwd: place, env, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('NOCOBASE_JWT_SECRET_FILE');
      // In whichever form this Compose prints them.
      const led = [...stdout.matchAll(/(\w+)\.dingtalk\.com[:=]+ ?10\.0\.0\.8/g)].map(([, name = '']) => name);
      expect(led.toSorted()).toEqual(['api', 'login', 'oapi']);
    });
  });
});

describe('The Kubernetes manifests', () => {
  const manifest = (name: string): unknown => parse(read('deploy/kubernetes', name));
  const deployment = manifests.deployment.parse(manifest('deployment.yaml')).spec;
  const kustomization = manifests.kustomization.parse(manifest('kustomization.yaml'));
  const ingress = manifests.ingress.parse(manifest('ingress.yaml')).spec;
  const service = manifests.service.parse(manifest('service.yaml')).spec;
  const policy = manifests.networkPolicy.parse(manifest('network-policy.yaml')).spec;
  const secret = manifests.secret.parse(manifest('secret.example.yaml'));
  const monitor = manifests.serviceMonitor.parse(manifest('service-monitor.yaml')).spec;
  const pod = deployment.template.spec;
  const [container] = pod.containers;
  const settings = new Map(
    kustomization.configMapGenerator[0].literals.map((line) => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ]),
  );
  const publicUrl = new URL(settings.get('PUBLIC_URL') ?? '');

  it('run the image of this version, as the user that it was made for', () => {
    expect(kustomization.images[0]).toMatchObject({ name: container.image, newTag: version });
    const user = read('Dockerfile').match(/^USER (\d+):(\d+)$/m);
    expect([pod.securityContext.runAsUser, pod.securityContext.runAsGroup]).toEqual([
      Number(user?.[1]),
      Number(user?.[2]),
    ]);
  });

  it('check health at routes that exist, below the path of PUBLIC_URL', () => {
    const controller = read('src/health/health.controller.ts');
    for (const [probe, route] of [
      [container.startupProbe, 'live'],
      [container.livenessProbe, 'live'],
      [container.readinessProbe, 'ready'],
    ] as const) {
      expect(controller).toContain(`@Get('${route}')`);
      expect(probe.httpGet).toEqual({ path: `${publicUrl.pathname}/health/${route}`, port: 'http' });
    }
    const nocoBaseSeconds = 5;
    expect(container.readinessProbe.timeoutSeconds).toBeGreaterThan(nocoBaseSeconds);
  });

  it('have one port under one name', () => {
    expect(container.ports[0].containerPort).toBe(Number(/^EXPOSE (\d+)$/m.exec(read('Dockerfile'))?.[1]));
    const asked = [
      service.ports[0].targetPort,
      monitor.endpoints[0].port,
      ...policy.ingress[0]!.ports.map((p) => p.port),
    ];
    expect(new Set(asked)).toEqual(new Set(['http']));
    for (const { backend } of ingress.rules[0].http.paths) {
      expect(backend.service.port.name).toBe(service.ports[0].name);
    }
  });

  it('publish what browsers need below the path of PUBLIC_URL, and no metrics', () => {
    const [{ host, http }] = ingress.rules;
    expect([host, ...ingress.tls[0].hosts]).toEqual([publicUrl.host, publicUrl.host]);
    const goesThrough = (path: string): boolean =>
      http.paths.some((rule) =>
        rule.pathType === 'Exact' ? rule.path === path : path === rule.path || path.startsWith(`${rule.path}/`),
      );
    const base = publicUrl.pathname;
    for (const path of [
      '',
      '/',
      '/auth/dingtalk',
      '/auth/dingtalk/dingtalk/callback',
      '/assets/in-app.js',
      '/health/live',
    ]) {
      expect([path, goesThrough(base + path)]).toEqual([path, true]);
    }
    expect(monitor.endpoints[0].path).toBe(`${base}/metrics`);
    expect(goesThrough(monitor.endpoints[0].path)).toBe(false);
  });

  it('stop one pod at a time, and give it longer than a stop takes', () => {
    const budget = manifests.podDisruptionBudget.parse(manifest('pod-disruption-budget.yaml')).spec;
    expect(budget.minAvailable).toBeLessThan(deployment.replicas);
    const waits = Number(container.lifecycle.preStop.exec.command[1]);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(waits + patienceSeconds);
  });

  it('take every secret from the one Secret, as a file if the gateway reads a file', () => {
    const { items } = pod.volumes[0].secret;
    const { mountPath } = container.volumeMounts[0];
    const files = container.env.flatMap((entry) => ('value' in entry ? [entry.value] : []));
    expect(files.toSorted()).toEqual(items.map(({ path }) => `${mountPath}/${path}`).toSorted());
    const keys = container.env.flatMap((entry) => ('valueFrom' in entry ? [entry.valueFrom.secretKeyRef.key] : []));
    expect([...keys, ...items.map(({ key }) => key)].toSorted()).toEqual(Object.keys(secret.stringData).toSorted());
    expect(secret.metadata.name).toBe(pod.volumes[0].secret.secretName);
    expect(kustomization.resources.filter((file) => /secret|service-monitor/.test(file))).toEqual([]);
  });

  it('use variables that exist, and share a store', () => {
    const names = [...settings.keys(), ...container.env.map(({ name }) => name)];
    expect(names.filter((name) => !variables.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('REDIS_URL');
    expect([...settings.keys()].filter((name) => /SECRET|TOKEN|REDIS/.test(name))).toEqual([]);
  });

  it('allow outgoing DNS, NocoBase, Redis and HTTPS to public addresses only', () => {
    const nocobase = new URL(settings.get('NOCOBASE_URL') ?? '');
    const ports = policy.egress.flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(ports).toEqual([53, 53, Number(nocobase.port), 6379, 443]);
    const anywhere = policy.egress.flatMap(({ to }) => to).flatMap((peer) => ('ipBlock' in peer ? [peer.ipBlock] : []));
    expect(anywhere.map(({ cidr }) => cidr)).toEqual(['0.0.0.0/0', '::/0']);
    expect(anywhere[0]?.except).toEqual(expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '192.168.0.0/16']));
  });

  describeWith('kubectl', 'as kustomize builds them', (program) => {
    const object = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
    const built = (folderName: string) => {
      const arguments_ = ['kustomize', join(DEPLOY, folderName)];
      const { status, stdout, stderr } = spawnSync(program, arguments_, { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      return parseAllDocuments(stdout).map((document) => object.parse(document.toJS()));
    };

    it('are complete, with the image, and with the settings that the pods refer to', () => {
      const objects = built('kubernetes');
      expect(objects.map(({ kind }) => kind).toSorted()).toEqual([
        'ConfigMap',
        'Deployment',
        'Ingress',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'Service',
      ]);
      const of = (kind: string): unknown => objects.find((one) => one.kind === kind);
      const gateway = manifests.deployment.parse(of('Deployment')).spec.template.spec.containers[0];
      expect(gateway.image).toBe(`nocobase-dingtalk-gateway:${version}`);
      expect(gateway.envFrom[0].configMapRef.name).toBe(object.parse(of('ConfigMap')).metadata.name);
    });

    it('contain no secret of DingTalk or NocoBase if NocoBase has the plugin, and let NocoBase fetch the keys', () => {
      const objects = built('kubernetes-plugin');
      const of = (kind: string): unknown => objects.find((one) => one.kind === kind);
      const { containers, volumes } = manifests.deployment.parse(of('Deployment')).spec.template.spec;
      const [gateway] = containers;
      const { data, metadata } = object.extend({ data: z.record(z.string(), z.string()) }).parse(of('ConfigMap'));
      expect(gateway.image).toBe(`nocobase-dingtalk-gateway:${version}`);
      expect(gateway.envFrom[0].configMapRef.name).toBe(metadata.name);
      expect(gateway.env.map(({ name }) => name).toSorted()).toEqual(['AUTH_COOKIE_SECRET_FILE', 'REDIS_URL']);
      expect(volumes[0].secret.items.map(({ key }) => key)).toEqual(['auth-cookie-secret']);
      const { source, notices, app } = gatewayWith({ ...data, AUTH_COOKIE_SECRET_FILE: 'from the Secret' });
      expect([source.kind, notices]).toEqual(['nocobase', []]);
      const paths = manifests.ingress.parse(of('Ingress')).spec.rules[0].http.paths;
      const stock = ingress.rules[0].http.paths.map(({ path }) => path);
      const added = ['.well-known', 'plugin.tgz'].map((path) => `${new URL(app.publicUrl).pathname}/${path}`);
      expect(paths.map(({ path }) => path)).toEqual([...stock, ...added]);
      expect(JWKS_PATH).toMatch(/^\/\.well-known\//);
    });
  });
});

describe('The systemd unit', () => {
  const name = 'nocobase-dingtalk-gateway.service';
  const unit = read('deploy/systemd', name);
  const values = (key: string): string[] =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

  it('gives every secret as a credential', () => {
    const credentials = values('LoadCredential').map((line) => line.split(':')[0]);
    const files = values('Environment').flatMap((line) => /^(\w+)_FILE=%d\/(.+)$/.exec(line)?.[2] ?? []);
    expect(files).toEqual(credentials);
    expect(files).toHaveLength(4);
  });

  it('uses variables that exist', () => {
    const names = values('Environment').map((line) => line.split('=')[0] ?? '');
    expect(names.filter((one) => one !== 'NODE_ENV' && !variables.has(one))).toEqual([]);
  });

  it('starts the packed program, waits for a stop, and lets V8 generate code', () => {
    expect(values('ExecStart')[0]).toMatch(/\/node_modules\/nocobase-dingtalk-gateway\/dist\/main\.js start$/);
    expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThan(patienceSeconds);
    expect(values('MemoryDenyWriteExecute')).toEqual([]);
    expect(values('Restart')).toEqual(['on-failure']);
  });

  it('has a folder of its own for what must survive a restart', () => {
    const [directory] = values('StateDirectory');
    expect(values('Environment')).toContain(`STATE_FOLDER=%S/${directory}`);
    expect(values('StateDirectoryMode')).toEqual(['0700']);
  });

  it('has a command for doctor that uses its variables, and names files instead of secrets', () => {
    const [, command = ''] = /```sh\n(sudo env [^`]+)```/.exec(read('deploy/README.md')) ?? [];
    const given = [...command.matchAll(/([A-Z_]+)=(\/\S+) \\/g)].map(([, variable, path]) => `${variable}=${path}`);
    const ofUnit = values('Environment').filter((line) => !line.startsWith('NODE_ENV='));
    const there = ofUnit.map((line) =>
      line.replace('%d', () => '/etc/nocobase-dingtalk-gateway/secrets').replace('%S', '/var/lib'),
    );
    expect(given.toSorted()).toEqual(there.toSorted());
    const [program] = values('ExecStart')[0]!.split(' start');
    expect(command.replaceAll(/\s\S*--env-file=\S+ \\\n\s*/g, ' ')).toContain(`${program} doctor`);

    const etc = mkdtempSync(join(folder, 'etc-'));
    mkdirSync(join(etc, 'secrets'));
    for (const one of values('LoadCredential')) {
      writeFileSync(join(etc, 'secrets', one.split(':')[0]!), `${CONFIGURATION.AUTH_COOKIE_SECRET}\n`);
    }
    const { DINGTALK_CLIENT_ID, NOCOBASE_URL } = CONFIGURATION;
    const ofFile = { PUBLIC_URL: 'https://app.example.com/sso', DINGTALK_CLIENT_ID, NOCOBASE_URL };
    writeFileSync(
      join(etc, 'gateway.env'),
      Object.entries(ofFile)
        .map((pair) => `${pair.join('=')}\n`)
        .join(''),
    );
    const here = command
      .replace('sudo env', 'env -i')
      .replace(program!.split(' ')[1]!, join(REPOSITORY, 'dist/main.js'))
      .replace('/usr/bin/node', process.execPath)
      .replaceAll('/etc/nocobase-dingtalk-gateway', etc)
      .replace('/var/lib', folder)
      .replace(' doctor', ' check');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', here], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain(CONFIGURATION.AUTH_COOKIE_SECRET);
  });

  it('needs no file of DingTalk or NocoBase if NocoBase has the plugin', () => {
    const dropIn = read('deploy/systemd/plugin.conf');
    const own = [...dropIn.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]);
    // An empty value removes all previous ones.
    expect(own.filter(([key]) => key === 'LoadCredential').map(([, value]) => value)).toEqual(['']);
    const unset = own.find(([key]) => key === 'UnsetEnvironment')?.[1]?.split(' ') ?? [];
    const left = values('Environment')
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
      .filter(([variable]) => !unset.includes(variable));
    expect(left.map(([variable]) => variable)).toEqual(['NODE_ENV', 'STATE_FOLDER']);
    const state = mkdtempSync(join(folder, 'state-'));
    const { auth, source, notices } = gatewayWith({
      ...Object.fromEntries(left),
      STATE_FOLDER: state,
      PUBLIC_URL: 'https://app.example.com/sso',
      NOCOBASE_URL: 'http://127.0.0.1:13000',
      NOCOBASE_PUBLIC_URL: 'https://app.example.com',
    });
    expect([source.kind, notices]).toEqual(['nocobase', []]);
    expect(auth.keptSecret).toEqual({ path: join(state, 'cookie-secret'), isMade: false });
  });

  describeWith('systemdAnalyze', 'as systemd reads it', (program) => {
    const analyze = (command: string[], text = unit) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return spawnSync(program, [...command, file], { encoding: 'utf8' });
    };
    // Wherever Node is on this machine: systemd checks that it exists.
    const here = unit.replace('/usr/bin/node', () => process.execPath);

    it('is valid, every line of it', () => {
      const { status, stdout, stderr } = analyze(['verify'], here);
      expect([status, stdout + stderr]).toEqual([0, '']);
      // systemd only warns about an unknown line.
      expect(analyze(['verify'], here.replace('PrivateTmp', 'PrivatTmp')).stderr).toContain('PrivatTmp');
    });

    it("is valid with the plugin's changes, every line of it", () => {
      const beside = join(folder, `${name}.d`);
      mkdirSync(beside);
      const dropIn = read('deploy/systemd/plugin.conf');
      const verified = (text: string) => {
        writeFileSync(join(beside, 'plugin.conf'), text);
        const { status, stdout, stderr } = analyze(['verify'], here);
        return [status, stdout + stderr];
      };
      expect(verified(dropIn)).toEqual([0, '']);
      expect(verified(dropIn.replace('UnsetEnvironment', 'UnsetEnvironmen'))[1]).toContain('UnsetEnvironmen');
      rmSync(beside, { recursive: true });
    });

    it('is sandboxed: at most 1.5 on the scale of systemd-analyze, where 10 is unprotected', () => {
      const { status, stdout } = analyze(['security', '--offline=true', '--threshold=15']);
      expect([status, status === 0 ? '' : stdout.split('\n').at(-2)]).toEqual([0, '']);
    });
  });
});

describeWith('yamllint', 'Every YAML file of deploy/', (program) => {
  it('is well-formed', () => {
    const { status, stdout } = spawnSync(program, ['--strict', '-c', join(DEPLOY, '.yamllint.yaml'), DEPLOY], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  });
});
