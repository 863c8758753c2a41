import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SCRIPT = resolve('deploy/pin-images.sh');
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Docker, as far as the script calls it: it knows what registries have, and nothing that was built here. */
const DOCKER = `#!/bin/sh
[ "$1 $2 $3" = 'buildx imagetools inspect' ] || exit 9
case "$6" in nocobase-dingtalk-gateway*) echo 'ERROR: not found' >&2; exit 1 ;; esac
echo ${DIGEST}
`;

describe('The script that pins images', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pin-test-'));
    writeFileSync(join(folder, 'docker'), DOCKER);
    chmodSync(join(folder, 'docker'), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${folder}:${process.env['PATH']}` });
  const pin = (...parameters: string[]): string => execFileSync(SCRIPT, parameters, { env: env(), encoding: 'utf8' });
  const copyOf = (file: string): string => {
    const copy = join(folder, 'copy');
    cpSync(file, copy);
    return copy;
  };

  it.each([
    ['Dockerfile', 1],
    ['deploy/compose/compose.yaml', 4],
  ])('finds every image of %s that a registry has, and changes nothing else', (file, count) => {
    const [before, copy] = [readFileSync(file, 'utf8'), copyOf(file)];
    expect(spawnSync(SCRIPT, ['--check', copy], { env: env() }).status).toBe(1);
    expect(readFileSync(copy, 'utf8')).toBe(before);

    pin(copy);
    const after = readFileSync(copy, 'utf8');
    expect(after.split(`@${DIGEST}`)).toHaveLength(count + 1);
    expect(after.replaceAll(`@${DIGEST}`, '')).toBe(before);
    // A second run changes nothing.
    expect(pin(copy)).toBe('');
    expect(readFileSync(copy, 'utf8')).toBe(after);
  });

  it('does nothing if all have a digest, and rejects an invalid answer', () => {
    const copy = join(folder, 'copy');
    writeFileSync(copy, `ARG NODE_IMAGE=node:24@${DIGEST}\n    image: a.b/c:1\n`);
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\necho latest\n');
    expect(pin(copy)).toBe('');
    expect(readFileSync(copy, 'utf8')).toContain('image: a.b/c:1\n');
    writeFileSync(copy, `ARG NODE_IMAGE=node:24@${DIGEST}\n`);
    expect(spawnSync(SCRIPT, ['--check', copy], { env: env() }).status).toBe(0);
  });
});
