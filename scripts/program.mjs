// Makes one program of the compiled files and the packages they use: dist/main.js starts in a third of the time and in
// 25 MiB less than from two thousand files (docs/performance.md). Part of `npm run build`.
//   node scripts/program.mjs
// dist/index.js, which other applications import, stays as compiled.
import { rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { transform } from '@swc/core';
import { json, librariesIn, notices, strict } from './bundling.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** What stays packages, found when it is asked for. */
const PACKAGES = [
  // Only some configurations use them.
  'ioredis',
  'yaml',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/sdk-trace-node',
  // Nest looks whether they are there.
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
];

const isExternal = (id) => isBuiltin(id) || PACKAGES.some((name) => id === name || id.startsWith(`${name}/`));

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
  onwarn: strict,
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
// Of what it was.
rmSync(`${dist}main.js.map`, { force: true });

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
