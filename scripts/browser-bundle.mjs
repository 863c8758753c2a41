// A page of `client/` as one script for the oldest supported browsers (browser-floor.mjs): self-contained, nothing is loaded later.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import ts from 'typescript';
import { FLOOR, keepsTheFloor } from './browser-floor.mjs';

const { version, license, author } = createRequire(import.meta.url)('dingtalk-jsapi/package.json');

/** @returns its code */
export async function bundleForBrowsers(page) {
  const bundle = await rollup({
    input: fileURLToPath(new URL(`../client/${page}.ts`, import.meta.url)),
    plugins: [nodeResolve({ extensions: ['.ts', '.js'], browser: true }), typescript(), withoutEval(), commonjs()],
    onwarn: (warning) => {
      // The SDK's own files contain circular imports; ours never do.
      if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({
    format: 'iife',
    plugins: [terser({ ecma: FLOOR.ecmaVersion, format: { comments: /^!/ } }), keepsTheFloor(), staysInline()],
  });
  await bundle.close();
  const [{ code, modules }] = output;
  const hasSdk = Object.keys(modules).some((id) => id.includes('/dingtalk-jsapi/'));
  return hasSdk ? `/*! contains dingtalk-jsapi ${version} by ${author}, ${license} license */\n${code}` : code;
}

/** For rollup: strips the types, which `npm run typecheck` checks, and compiles newer syntax down to the floor. */
export function typescript() {
  return {
    name: 'typescript',
    transform(code, id) {
      if (!/\.tsx?$/.test(id)) return null;
      const compilerOptions = {
        target: ts.ScriptTarget[`ES${FLOOR.ecmaVersion}`],
        module: ts.ModuleKind.ESNext,
        jsx: ts.JsxEmit.React,
      };
      return { code: ts.transpileModule(code, { compilerOptions, fileName: id }).outputText, map: null };
    },
  };
}

/** Part of the SDK finds the global object by evaluating text, which our Content-Security-Policy blocks and reports. */
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

/**
 * Some pages embed their script: it must not end the element,
 * https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
 */
function staysInline() {
  return {
    name: 'stays-inline',
    generateBundle(_options, bundle) {
      for (const { fileName, code } of Object.values(bundle)) {
        if (/<!--|<\/?script/i.test(code)) this.error(`${fileName} cannot stand in a page`);
      }
    },
  };
}
