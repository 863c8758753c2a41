// Bundles the compiled files and the packages that they use into one program: dist/main.js starts in a third of the time, and with
// 25 MiB less, than from two thousand files (docs/performance.md). Part of `npm run build`.
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

/** Packages that stay separate, and are resolved when they are imported. */
const PACKAGES = [
  // Only some configurations use them.
  'ioredis',
  'yaml',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/sdk-trace-node',
  // Nest checks whether they are installed.
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
    // undici requires it only on a Node.js version that has it.
    commonjs({ ignore: ['node:sqlite'], ignoreDynamicRequires: true }),
    plain(),
  ],
  onwarn: strict,
});
const written = await bundle.write({
  // One folder deep, like the compiled files: the files that the program reads are located relative to that.
  dir: `${dist}program`,
  chunkFileNames: '[name].js',
  banner: `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);`,
});
await bundle.close();
writeFileSync(`${dist}program/THIRD-PARTY-NOTICES.txt`, notices(librariesIn(written)));
writeFileSync(`${dist}main.js`, `#!/usr/bin/env node\nimport './program/main.js';\n`);
// The source map of the compiled file.
rmSync(`${dist}main.js.map`, { force: true });

/**
 * Escapes non-ASCII characters: V8 stores a file with one character above U+00FF in two bytes per character. Only comments are
 * removed, so the result stays readable.
 */
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
