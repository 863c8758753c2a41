// Builds the plugin and packs it as the .tgz that NocoBase's plugin manager accepts as an upload.
//   node nocobase-plugin/build.mjs [folder]     default: dist-plugin
// Types are only stripped here; `npm run typecheck` checks them.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import ts from 'typescript';
import { bundleForBrowsers, typescript as typescriptForBrowsers } from '../scripts/browser-bundle.mjs';
import { FLOOR, keepsTheFloor } from '../scripts/browser-floor.mjs';
import { json, librariesIn, notices, strict } from '../scripts/bundling.mjs';

const source = fileURLToPath(new URL('.', import.meta.url));
const folder = resolve(process.argv[2] ?? join(source, '../dist-plugin'));
const { name } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));

/** The web clients already provide these; everything else that a client imports is bundled into it. */
const ofTheClients =
  /^(?:@nocobase\/|@formily\/|@ant-design\/icons$|@emotion\/css$|(?:react|react-dom|react-router-dom|react-i18next|antd|ahooks|lodash)$)/;
/** NocoBase's server provides these; a second copy would define a second, different class. */
const ofTheServer = (id) => id.startsWith('@nocobase/') || id === 'sequelize' || isBuiltin(id);

/** Folders of the bundled libraries. */
const libraries = [];

// A separate folder, because several builds may run at once.
const staging = mkdtempSync(join(tmpdir(), 'plugin-auth-dingtalk-'));
try {
  for (const file of ['package.json', 'server.js', 'client.js', 'client-v2.js']) {
    cpSync(join(source, file), join(staging, file));
  }
  cpSync(join(source, '../LICENSE'), join(staging, 'LICENSE'));
  cpSync(join(source, 'src/locale'), join(staging, 'dist/locale'), { recursive: true });
  await bundle('src/server/index.ts', 'dist/server/index.js', ofTheServer, { format: 'cjs' });
  for (const client of ['client', 'client-v2']) {
    const input = `src/${client}/index.tsx`;
    const id = client === 'client' ? name : `${name}/${client}`;
    if (existsSync(join(source, input))) {
      await bundle(input, `dist/${client}/index.js`, (module) => ofTheClients.test(module), {
        format: 'amd',
        amd: { id },
      });
    } else {
      rmSync(join(staging, `${client}.js`));
    }
  }
  mkdirSync(join(staging, 'dist/pages'));
  for (const page of ['redeem-page', 'callback-page', 'plugin-in-app-page']) {
    writeFileSync(join(staging, `dist/pages/${page}.js`), await bundleForBrowsers(page));
  }
  writeFileSync(join(staging, 'THIRD-PARTY-NOTICES.txt'), notices(libraries));
  cpSync(join(source, 'external-version.cjs'), join(staging, 'dist/externalVersion.js'));
  mkdirSync(folder, { recursive: true });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
  process.stdout.write(`${join(folder, packed.filename.replace('@', '').replace('/', '-'))}\n`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}

async function bundle(input, file, external, output) {
  const isForBrowsers = output.format === 'amd';
  const built = await rollup({
    input: join(source, input),
    external,
    plugins: [
      ...(isForBrowsers ? [] : [partOfUndici()]),
      nodeResolve({
        extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
        browser: isForBrowsers,
        preferBuiltins: !isForBrowsers,
      }),
      json(),
      isForBrowsers ? typescriptForBrowsers() : typescript(),
      // undici requires it only on a Node.js version that has it.
      commonjs({ ignore: ['node:sqlite'], ignoreDynamicRequires: true }),
    ],
    onwarn: strict,
  });
  const written = await built.write({
    file: join(staging, file),
    exports: 'named',
    ...output,
    // The server bundle stays readable for people who want to inspect a plugin before they install it.
    plugins: isForBrowsers ? [terser({ ecma: FLOOR.ecmaVersion }), keepsTheFloor()] : [],
  });
  await built.close();
  libraries.push(...librariesIn(written));
}

/**
 * Keeps only two parts of undici: the one that sends our calls, and the WebSocket for DingTalk's Stream, which brings `fetch` with
 * it. Node 20 has no WebSocket, and Node 22's cannot use our proxy. If a later version has another layout, the build fails.
 */
function partOfUndici() {
  const undici = createRequire(import.meta.url).resolve('undici');
  const inside = (path) => JSON.stringify(join(undici, '..', path));
  return {
    name: 'part-of-undici',
    resolveId: (id) => (id === 'undici' ? '\0undici' : null),
    load: (id) =>
      id === '\0undici'
        ? `import api from ${inside('lib/api/index.js')};
           import Dispatcher from ${inside('lib/dispatcher/dispatcher.js')};
           Object.assign(Dispatcher.prototype, api);
           export { default as Agent } from ${inside('lib/dispatcher/agent.js')};
           export { default as Pool } from ${inside('lib/dispatcher/pool.js')};
           export { default as ProxyAgent } from ${inside('lib/dispatcher/proxy-agent.js')};
           import webSocket from ${inside('lib/web/websocket/websocket.js')};
           export const WebSocket = webSocket.WebSocket;`
        : null,
  };
}

function typescript() {
  return {
    name: 'typescript',
    transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
      return { code: ts.transpileModule(code, { compilerOptions, fileName: id }).outputText, map: null };
    },
  };
}

function npm(args) {
  const windows = process.platform === 'win32';
  return execFileSync(windows ? 'npm.cmd' : 'npm', args, { cwd: staging, shell: windows, encoding: 'utf8' });
}
