// Bundles what browsers run: one file for each page, everything from our own origin, nothing loaded later.
// Syntax and built-ins are those of 2017, for the web views of older DingTalk clients: Chromium 57 (Android), Safari 11 (iOS).
//   node scripts/client.mjs [folder]     default: dist/assets
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import ts from 'typescript';

const PAGES = ['in-app', 'front-door', 'scan-widget'];
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../dist/assets', import.meta.url)));
const { version, license, author } = createRequire(import.meta.url)('dingtalk-jsapi/package.json');

for (const page of PAGES) {
  const bundle = await rollup({
    input: fileURLToPath(new URL(`../client/${page}.ts`, import.meta.url)),
    plugins: [nodeResolve({ extensions: ['.ts', '.js'], browser: true }), typescript(), withoutEval(), commonjs()],
    onwarn: (warning) => {
      // The SDK's own files refer to each other in a circle, and ours never do.
      if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
    },
  });
  await bundle.write({
    file: `${folder}/${page}.js`,
    format: 'iife',
    plugins: [terser({ ecma: 2017, format: { comments: /^!/ } })],
    ...(page === 'in-app'
      ? { banner: `/*! contains dingtalk-jsapi ${version} by ${author}, ${license} license */` }
      : {}),
  });
  await bundle.close();
}

/** Types are checked by `npm run typecheck`; here they are only taken off. */
function typescript() {
  return {
    name: 'typescript',
    transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const compilerOptions = { target: ts.ScriptTarget.ES2017, module: ts.ModuleKind.ESNext };
      return { code: ts.transpileModule(code, { compilerOptions, fileName: id }).outputText, map: null };
    },
  };
}

/** Part of the SDK finds the global object by evaluating text, which our Content-Security-Policy forbids and reports. */
function withoutEval() {
  return {
    name: 'without-eval',
    transform(code, id) {
      if (!id.includes('/dingtalk-jsapi/')) return null;
      return {
        code: code.replaceAll('Function("return this")()', 'window').replaceAll('(0,eval)("this")', 'window'),
        map: null,
      };
    },
  };
}
