// The floor: the oldest browsers in which our scripts run, and everything that is newer than they are. A build fails if a script
// needs more (`problemsIn`); `test/browser-floor.e2e-spec.ts` runs every script in a Chromium without it. Why this floor, and how
// NocoBase's own was determined: docs/browsers.md.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'acorn';
import ts from 'typescript';

/** Chromium 57, Safari 11, Firefox 55: the language of 2017. */
export const FLOOR = { ecmaVersion: 2017, chromium: 57 };

/**
 * Browser features beside the language, by the first Chromium that had them (MDN browser-compat-data). `X.y` is a member of the
 * object or constructor X itself, `X#y` of its instances, and a bare name is global.
 */
const OFFERED = [
  ['globalThis', 71],
  ['AbortController', 66],
  ['AbortSignal', 66],
  ['AbortSignal.abort', 93],
  ['AbortSignal.timeout', 103],
  ['AbortSignal.any', 116],
  ['AbortSignal#throwIfAborted', 100],
  ['URL.canParse', 120],
  ['URL.parse', 126],
  ['URLSearchParams#size', 113],
  ['structuredClone', 98],
  ['queueMicrotask', 71],
  ['reportError', 95],
  ['scheduler', 94],
  ['CompressionStream', 80],
  ['DecompressionStream', 80],
  ['TextDecoderStream', 71],
  ['ResizeObserver', 64],
  ['Crypto#randomUUID', 92],
  ['Clipboard', 66],
  ['Navigator#clipboard', 66],
  ['Navigator#userAgentData', 90],
  ['Navigator#userActivation', 72],
  ['Navigator#locks', 69],
  ['navigation', 102],
  ['cookieStore', 87],
  ['FormDataEvent', 77],
  ['Blob#text', 76],
  ['Blob#arrayBuffer', 76],
  ['Blob#stream', 76],
  ['Response.json', 105],
  ['Response#bytes', 132],
  ['Request#bytes', 132],
  ['Request#keepalive', 66],
  ['Element#replaceChildren', 86],
  ['Element#checkVisibility', 105],
  ['Element#getAnimations', 84],
  ['Element#ariaLabel', 81],
  ['Element#togglePopover', 114],
  ['Element#toggleAttribute', 69],
  ['Element#scrollTo', 61],
  ['Element#scrollBy', 61],
  ['Element#setHTMLUnsafe', 124],
  ['HTMLElement#showPopover', 114],
  ['HTMLElement#hidePopover', 114],
  ['HTMLElement#popover', 114],
  ['HTMLElement#inert', 102],
  ['HTMLElement#nonce', 61],
  ['HTMLFormElement#requestSubmit', 76],
  ['HTMLScriptElement.supports', 96],
  ['Document#replaceChildren', 86],
  ['Window#visualViewport', 61],
  ['Intl.ListFormat', 72],
  ['Intl.RelativeTimeFormat', 71],
  ['Intl.Locale', 74],
  ['Intl.DisplayNames', 81],
  ['Intl.Segmenter', 87],
  ['Intl.supportedValuesOf', 99],
];

/** The first Chromium with a complete edition of the language. */
const EDITIONS = {
  es5: 23,
  es2015: 51,
  es2016: 52,
  es2017: 57,
  es2018: 64,
  es2019: 73,
  es2020: 80,
  es2021: 85,
  es2022: 93,
  es2023: 110,
  es2024: 122,
  es2025: 137,
  esnext: Infinity,
};

/** Names by edition, read from TypeScript's own type libraries, so that a new TypeScript brings those of a new edition. */
const LANGUAGE = readLibraries();

/** Names that this version of Chromium does not have, written as in `OFFERED`. */
export function newerThan(chromium) {
  const offered = OFFERED.filter(([, first]) => first > chromium).map(([name]) => name);
  const newer = [];
  const known = new Set();
  for (const [edition, first] of Object.entries(EDITIONS)) {
    const own = (LANGUAGE.get(edition) ?? []).filter((name) => !known.has(name));
    own.forEach((name) => known.add(name));
    if (first > chromium) newer.push(...own);
  }
  const globals = new Set(newer.filter((name) => !/[.#]/.test(name)));
  // Without the members of types that are newer themselves, and of those that exist only as types.
  const isTold = (name, [owner = '']) => globals.has(name) || (known.has(owner) && !globals.has(owner));
  const language = newer.filter((name) => isTold(name, name.split(/[.#]/)));
  return [...new Set([...language, ...offered])].toSorted((one, other) => one.localeCompare(other));
}

function readLibraries() {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript'));
  const read = new Map();
  for (const file of readdirSync(folder)) {
    const [, edition] = /^lib\.(es\w+)\.(?:.+\.)?d\.ts$/.exec(file) ?? [];
    if (edition === undefined || file.includes('.full.')) continue;
    const { statements } = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest);
    read.set(edition, [...(read.get(edition) ?? []), ...statements.flatMap((statement) => namesIn(statement))]);
  }
  return read;
}

function namesIn(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.text);
  }
  if (!ts.isInterfaceDeclaration(statement)) return [];
  const owner = statement.name.text;
  const of = owner.endsWith('Constructor') ? `${owner.slice(0, -'Constructor'.length)}.` : `${owner}#`;
  return statement.members
    .map(({ name }) => name)
    .filter((name) => name !== undefined && ts.isIdentifier(name) && name.text !== 'prototype')
    .map((name) => of + name.text);
}

/** Also members of something that is as old as the floor, so that a call proves nothing: `Response#text`. */
const AMBIGUOUS = ['text', 'arrayBuffer'];

/**
 * What a script needs that the browsers of the floor do not have: syntax, and names. A global that the script tests for (`typeof
 * AbortController`) does not count.
 *
 * @returns empty if there is no problem
 */
export function problemsIn(code) {
  let tree;
  try {
    tree = parse(code, { ecmaVersion: FLOOR.ecmaVersion, sourceType: 'script' });
  } catch (error) {
    return [`is no ECMAScript ${FLOOR.ecmaVersion}: ${error.message}`];
  }
  const newer = newerThan(FLOOR.chromium);
  const told = new Set(newer.filter((name) => !name.includes('#')));
  const members = newer.filter((name) => name.includes('#')).map((name) => name.split('#')[1]);
  const ofInstances = new Set(members.filter((name) => !AMBIGUOUS.includes(name)));
  const [found, asked] = [new Set(), new Set()];
  visit(tree, (node, parent) => {
    if (node.type === 'UnaryExpression' && node.operator === 'typeof') asked.add(node.argument.name);
    if (node.type === 'Identifier' && told.has(node.name) && isRead(node, parent)) found.add(node.name);
    if (node.type !== 'MemberExpression') return;
    const member = node.computed ? node.property.value : node.property.name;
    const owner = node.object.type === 'Identifier' ? node.object.name : undefined;
    if (told.has(`${owner}.${member}`)) found.add(`${owner}.${member}`);
    if (['window', 'self'].includes(owner) && told.has(member)) found.add(member);
    // Only calls: a field of our own may have the same name.
    if (ofInstances.has(member) && parent.type === 'CallExpression' && parent.callee === node)
      found.add(`.${member}()`);
  });
  return [...found].filter((name) => !asked.has(name)).map((name) => `needs ${name}`);
}

/** Whether an identifier is used as a value, and not as the name of a member or key. */
function isRead(node, parent) {
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed;
  return !(parent.type === 'Property' || parent.type === 'MethodDefinition') || parent.value === node;
}

function visit(node, look, parent = { type: 'none' }) {
  look(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') visit(child, look, node);
    }
  }
}

/** For rollup, after everything else: fails the build if a script needs more than the browsers of the floor have. */
export function keepsTheFloor() {
  return {
    name: 'keeps-the-floor',
    generateBundle(_options, bundle) {
      for (const { fileName, code } of Object.values(bundle)) {
        const problems = problemsIn(code);
        if (problems.length > 0)
          this.error(`${fileName} would not run in a browser of the floor: ${problems.join('; ')}`);
      }
    },
  };
}
