import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredVariables } from '../../src/core/settings/index.js';
// Loads every section of variables.
import '../../src/settings.js';

/** A variable that the code reads. */
export interface ReadVariable {
  /** As written in a `.env`; undefined if there is none. */
  readonly default: string | undefined;
  /** Whether `NAME_FILE` may replace it. */
  readonly fromFile: boolean;
}

const BY_NAME = /(?:environment|process\.env)\['([A-Z][A-Z0-9_]+)'\]|given\('([A-Z][A-Z0-9_]+)'/g;

/** The declared settings, and the variables that are read by name, extracted from the sources. */
export function readVariables(): ReadonlyMap<string, ReadVariable> {
  const folder = join(__dirname, '..', '..', 'src');
  const found = new Map<string, ReadVariable>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.spec.ts')) continue;
    for (const [, one, other] of readFileSync(join(folder, path), 'utf8').matchAll(BY_NAME)) {
      found.set(one ?? other ?? '', { default: undefined, fromFile: false });
    }
  }
  for (const [name, setting] of declaredVariables()) {
    const value = setting.default as string | number | boolean | readonly string[] | undefined;
    found.set(name, {
      default: value === undefined ? undefined : String(value),
      fromFile: setting.fromFile !== undefined,
    });
  }
  return found;
}
