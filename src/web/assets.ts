import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { NotFoundError } from '../core/errors/index.js';

/** Scripts that `npm run build` makes of `client/`. */
const SCRIPTS = ['in-app', 'front-door', 'scan-widget', 'hand-off-page', 'page-title'] as const;
export type ScriptName = (typeof SCRIPTS)[number];

/** The same from `src/web/`, `dist/web/` and `dist/program/`. */
const FOLDER = new URL('../../dist/assets/', import.meta.url);

interface Script {
  readonly text: string;
  /** Part of the address, so the address always means the same text. */
  readonly version: string;
}

const known = new Map<string, Script>();

function read(name: ScriptName): Script {
  const script = known.get(name);
  if (script !== undefined) return script;
  const text = readFileSync(new URL(`${name}.js`, FOLDER), 'utf8');
  const made = { text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) };
  known.set(name, made);
  return made;
}

/** The path of a script below the gateway's own. */
export function scriptPath(name: ScriptName): string {
  return `/assets/${name}.${read(name).version}.js`;
}

/** @throws NotFoundError if the file is none of ours, or of another version */
export function scriptText(file: string): string {
  const name = SCRIPTS.find((candidate) => file === scriptPath(candidate).slice('/assets/'.length));
  if (name === undefined) throw new NotFoundError();
  return read(name).text;
}

/**
 * For a page that is shown only briefly: one request less on a slow network. `scripts/client.mjs` ensures that it
 * closes no element.
 */
export function inlineScript(name: ScriptName): string {
  return read(name).text;
}
