// Makes one program of the compiled files and the packages they use: dist/main.js starts in a third of the time and in
// 15 MiB less than from two thousand files (docs/performance.md). Part of `npm run build`.
//   node scripts/program.mjs
// dist/index.js, which other applications import, stays as compiled.
import { builtinModules } from 'node:module';
import { chmodSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { transform } from '@swc/core';
import { librariesIn, notices } from './third-party-notices.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Loaded only where they are configured; they stay packages. */
const WHEN_NEEDED = ['ioredis', 'yaml', '@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/sdk-trace-node'];
/** Nest asks whether they are there. */
const NOT_OURS = /^@nestjs\/(?:microservices|platform-express|websockets)|^@fastify\/(?:multipart|static|view)/;

const isExternal = (id) =>
  id.startsWith('node:') ||
  builtinModules.includes(id) ||
  NOT_OURS.test(id) ||
  WHEN_NEEDED.some((name) => id === name || id.startsWith(`${name}/`));

const bundle = await rollup({
  input: `${dist}main.js`,
  external: isExternal,
  plugins: [
    nodeResolve({ exportConditions: ['node'], preferBuiltins: true }),
    json(),
    // undici looks for it only on a Node.js that has it.
    commonjs({ ignore: ['node:sqlite'], ignoreDynamicRequires: true }),
    plain(),
  ],
  onwarn: ({ code, ids, id, loc, message }) => {
    // TypeScript's helper for decorators asks for one.
    if (code === 'THIS_IS_UNDEFINED') return;
    // What libraries do among themselves is theirs.
    const files = ids ?? [id ?? loc?.file ?? dist];
    if (!files.every((file) => file.includes('node_modules'))) throw new Error(message);
  },
});
const written = await bundle.write({
  // One folder deep, like what is compiled: the files that the program reads are found from there.
  dir: `${dist}program`,
  chunkFileNames: '[name].js',
  banner: `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);`,
});
await bundle.close();
writeFileSync(`${dist}program/THIRD-PARTY-NOTICES.txt`, notices(librariesIn(written)));
writeFileSync(`${dist}main.js`, `#!/usr/bin/env node\nimport './program/main.js';\n`);
chmodSync(`${dist}main.js`, 0o755);

/** V8 keeps a file with one character above U+00FF in two bytes a character. What is left without comments can be read. */
function plain() {
  const options = {
    configFile: false,
    swcrc: false,
    isModule: true,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'ecmascript' },
      minify: { format: { comments: false, asciiOnly: true } },
    },
  };
  return { name: 'plain', renderChunk: async (code) => ({ code: (await transform(code, options)).code, map: null }) };
}

function json() {
  return {
    name: 'json',
    transform: (code, id) => (id.endsWith('.json') ? { code: `export default ${code};`, map: null } : null),
  };
}
