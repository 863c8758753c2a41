// All parts of a release, in one folder: the packages of gateway and plugin, their checksums, and how to build the image. Part of
// `npm run release`, which builds first.
//   node scripts/release.mjs [folder]     default: release
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, 'release'));
const read = (path) => readFileSync(join(root, path), 'utf8');
const { name, version } = JSON.parse(read('package.json'));
const plugin = JSON.parse(read('nocobase-plugin/package.json'));

if (!existsSync(join(root, 'dist/plugin.tgz'))) fail('not built: run `npm run build` first');
if (plugin.version !== version) fail(`the gateway is ${version}, the plugin ${plugin.version}`);
if (!read('Dockerfile').includes(`org.opencontainers.image.version="${version}"`)) fail(`Dockerfile: not ${version}`);

mkdirSync(folder, { recursive: true });
// Deletes the files of an earlier release, and nothing else.
for (const file of readdirSync(folder)) {
  if (/\.tgz$|^SHA256SUMS$|^IMAGE\.md$/.test(file)) rmSync(join(folder, file));
}
pack();
copyFileSync(
  join(root, 'dist/plugin.tgz'),
  join(folder, `${plugin.name.replace('@', '').replace('/', '-')}-${version}.tgz`),
);
writeFileSync(join(folder, 'IMAGE.md'), image());
const files = readdirSync(folder).filter((file) => /\.tgz$|^IMAGE\.md$/.test(file));
// In the format of `sha256sum --check`.
writeFileSync(
  join(folder, 'SHA256SUMS'),
  files
    .toSorted()
    .map((file) => `${sha256(join(folder, file))}  ${file}\n`)
    .join(''),
);
process.stdout.write(readFileSync(join(folder, 'SHA256SUMS'), 'utf8'));

function pack() {
  const windows = process.platform === 'win32';
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  execFileSync(windows ? 'npm.cmd' : 'npm', args, {
    cwd: root,
    shell: windows,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** An image cannot be built without a Docker engine: this file says how, from the same commit. */
function image() {
  const revision = commit('%H');
  const labels = [
    ...(revision === undefined ? [] : [`org.opencontainers.image.revision=${revision}`]),
    ...(revision === undefined ? [] : [`org.opencontainers.image.created=${commit('%cI')}`]),
  ];
  const command = [
    'docker build',
    ...labels.map((label) => `--label ${label}`),
    `--build-arg NODE_IMAGE=node:24-alpine`,
    `--tag ${name}:${version}`,
    '.',
  ].join(' \\\n  ');
  return `# The image of ${name} ${version}

In a checkout${revision === undefined ? '' : ` of ${revision}`}:

\`\`\`sh
${command}
docker run --rm ${name}:${version} --version
docker inspect --format '{{json .Config.Labels}}' ${name}:${version}
\`\`\`

The second command prints ${version}, and so does the label \`org.opencontainers.image.version\` of the third. For production name the
base by its digest (\`NODE_IMAGE=node:24-alpine@sha256:…\`): \`deploy/pin-images.sh\` finds it. Another npm registry:
\`--build-arg npm_config_registry=…\`. The image holds the plugin of this release, at \`/app/dist/plugin.tgz\`.
`;
}

/** A field of the packed commit, by its `git log` format; undefined outside a repository. */
function commit(format) {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', ['log', '-1', `--format=${format}`], { cwd: root, encoding: 'utf8', stdio }).trim();
  } catch {
    return undefined;
  }
}

function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
