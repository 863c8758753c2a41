import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { InvalidEnvironmentError, VariablesFile } from '../config/index.js';
import { type Lang, type Text, TextError, verbatim } from '../core/texts/index.js';
import { TEXTS } from './texts.js';

/** The result of loading a file of variables. */
export interface EnvFile extends VariablesFile {
  readonly path: string;
  readonly exists: boolean;
}

/** A `.env` exists but cannot be read. */
export class EnvFileError extends TextError {}

/** Windows' editor starts a file with this mark, which Node would take for part of the first variable's name. */
const BYTE_ORDER_MARK = /^\uFEFF/;
/** An unquoted value with a `#`: the rest is a comment, even if it was meant as part of a secret. */
const CUT_OFF = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?!["'`\s])[^#\n]*[^#\s]#/;
/**
 * They would disable TLS checks for every call, or run code, so a file in some folder must not set them.
 * (NODE_EXTRA_CA_CERTS has no effect there: Node reads it before any file.)
 */
const NOT_FOR_A_FILE = /^NODE_(?:TLS_REJECT_UNAUTHORIZED|OPTIONS)$/;

/**
 * Adds the variables of `.env` in the current folder; the environment takes precedence.
 *
 * @throws EnvFileError
 */
export function loadEnvFile(): EnvFile {
  const path = join(process.cwd(), '.env');
  const text = contentOf(path);
  if (text === undefined) return { path, exists: false, names: new Set(), problems: [] };
  const names = new Set<string>();
  const problems: Text[] = [];
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (process.env[name] !== undefined) continue;
    if (NOT_FOR_A_FILE.test(name)) {
      problems.push(TEXTS.notFromFile(name));
      continue;
    }
    process.env[name] = value;
    names.add(name);
  }
  for (const name of text.split('\n').flatMap((line) => CUT_OFF.exec(line)?.[1] ?? [])) {
    if (!names.has(name)) continue;
    problems.push(TEXTS.cutOff(name));
  }
  return { path, exists: true, names, problems };
}

function contentOf(path: string): string | undefined {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new EnvFileError(TEXTS.envUnreadable(path, REASONS[code] ?? verbatim(code)));
  }
  if (content.includes(0)) {
    throw new EnvFileError(TEXTS.envNotUtf8(path));
  }
  return content.toString('utf8').replace(BYTE_ORDER_MARK, '');
}

const { EACCES, EPERM, EISDIR, ELOOP } = TEXTS;
const REASONS: Readonly<Record<string, Text>> = { EACCES, EPERM, EISDIR, ELOOP };

/** Where missing variables were looked for: most often the command runs in the wrong folder. */
export function whereRead({ problems }: InvalidEnvironmentError, file: EnvFile | undefined, lang: Lang): string {
  if (file === undefined || !problems.some((problem) => / is required: /.test(problem))) return '';
  return `${(file.exists ? TEXTS.alsoRead : TEXTS.noEnvFile)(file.path)[lang]}\n`;
}
