import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../src/config/index.js';
import { parseDockerfile } from './deployment/dockerfile.js';

const ROOT = join(__dirname, '..');
const GATEWAY = `nocobase-dingtalk-gateway-${version()}.tgz`;
const PLUGIN = `nocobase-dingtalk-gateway-plugin-auth-dingtalk-${version()}.tgz`;

describe('npm run release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  const release = (): string =>
    execFileSync(process.execPath, [join(ROOT, 'scripts/release.mjs'), folder], { encoding: 'utf8' });
  const bytes = (name: string): Buffer => readFileSync(join(folder, name));
  /** A package's own manifest. */
  const manifestIn = (name: string) =>
    JSON.parse(
      execFileSync('tar', ['-xzOf', join(folder, name), 'package/package.json'], { encoding: 'utf8' }),
    ) as Record<string, string>;

  beforeAll(() => {
    // Files of an earlier release, and of someone else.
    writeFileSync(join(folder, 'nocobase-dingtalk-gateway-0.0.1.tgz'), '');
    writeFileSync(join(folder, 'notes.txt'), 'of somebody');
    release();
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes both packages of this version, how to build the image, and their checksums', () => {
    expect(readdirSync(folder).toSorted()).toEqual(['IMAGE.md', 'SHA256SUMS', GATEWAY, PLUGIN, 'notes.txt'].toSorted());
    expect(manifestIn(GATEWAY)).toMatchObject({ name: 'nocobase-dingtalk-gateway', version: version() });
    expect(manifestIn(PLUGIN)).toMatchObject({
      name: '@nocobase-dingtalk-gateway/plugin-auth-dingtalk',
      version: version(),
    });
  });

  it('writes checksums that `sha256sum --check` accepts, and that a changed byte breaks', () => {
    const check = () =>
      spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
    const { status, stdout } = check();
    expect([status, stdout]).toEqual([0, ['IMAGE.md', GATEWAY, PLUGIN].map((name) => `${name}: OK\n`).join('')]);
    const whole = bytes(PLUGIN);
    writeFileSync(join(folder, PLUGIN), Buffer.concat([whole, Buffer.from('x')]));
    expect(check().status).toBe(1);
    writeFileSync(join(folder, PLUGIN), whole);
  });

  it('packs the plugin that the gateway serves', () => {
    const served = execFileSync('tar', ['-xzOf', join(folder, GATEWAY), 'package/dist/plugin.tgz']);
    expect(served.equals(bytes(PLUGIN))).toBe(true);
  });

  it('produces the same bytes again', () => {
    const first = [GATEWAY, PLUGIN, 'SHA256SUMS'].map(bytes);
    release();
    expect([GATEWAY, PLUGIN, 'SHA256SUMS'].map((name, index) => bytes(name).equals(first[index]!))).toEqual([
      true,
      true,
      true,
    ]);
  }, 300_000);

  it('says how to build an image, with arguments that the Dockerfile has', () => {
    const said = bytes('IMAGE.md').toString('utf8');
    expect(said).toContain(`--tag nocobase-dingtalk-gateway:${version()}`);
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const named = [...said.matchAll(/--build-arg (\w+)=/g)].map(([, name]) => name);
    expect(named).toEqual(['NODE_IMAGE', 'npm_config_registry']);
    for (const name of named) expect(dockerfile).toMatch(new RegExp(`^ARG ${name}\\b`, 'm'));
    expect(said).toContain(`NODE_IMAGE=${parseDockerfile(dockerfile)[0]?.base}`);
    const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(said) ?? [];
    expect(spawnSync('sh', ['-n'], { input: block, encoding: 'utf8' }).stderr).toBe('');
  });
});
