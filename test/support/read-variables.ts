import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A variable that the code reads. */
export interface ReadVariable {
  /** As it is written in a `.env`; undefined where there is none. */
  readonly default: string | undefined;
  /** Whether `NAME_FILE` may stand in for it. */
  readonly fromFile: boolean;
}

const MEMBER = /^ {2}([A-Z][A-Z0-9_]{2,})[!?]?:[^=\n]*?(?: = ([^\n]*))?;$/gm;
const BY_NAME = /(?:environment|process\.env)\['([A-Z][A-Z0-9_]+)'\]|given\('([A-Z][A-Z0-9_]+)'/g;

/** The members of the classes that `readEnvironment` fills, and what is read by its name, out of the sources. */
export function readVariables(): ReadonlyMap<string, ReadVariable> {
  const folder = join(__dirname, '..', '..', 'src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
  const found = new Map<string, ReadVariable>();
  for (const source of sources) {
    for (const [, one, other] of source.matchAll(BY_NAME)) {
      found.set(one ?? other ?? '', { default: undefined, fromFile: false });
    }
  }
  for (const source of sources) {
    for (const { 1: name = '', 2: value, index } of source.matchAll(MEMBER)) {
      const known = found.get(name);
      const decorators = source.slice(source.lastIndexOf('\n\n', index), index);
      found.set(name, {
        default: (value === undefined ? undefined : written(constantOr(value, sources))) ?? known?.default,
        fromFile: decorators.includes('@FromFile(') || known?.fromFile === true,
      });
    }
  }
  return found;
}

/** The literal behind `DEFAULT_REGION`, `[...PROTECTED_ROLES]` and the like. */
function constantOr(value: string, sources: readonly string[]): string {
  const name = /^(?:\[\.{3})?([A-Z][A-Z0-9_]+)\]?$/.exec(value)?.[1];
  if (name === undefined) return value;
  const found = sources.map((source) => new RegExp(`const ${name}\\b[^=]*= ([^;]*);`).exec(source)?.[1]);
  return found.find((literal) => literal !== undefined) ?? value;
}

/** `['root', 'admin']` as `root,admin`, `12_000` as `12000`, `[]` as nothing. */
function written(literal: string): string {
  return literal.replace(/[[\]' ]/g, '').replace(/(?<=\d)_(?=\d)/g, '');
}
