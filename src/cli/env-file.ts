import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { InvalidEnvironmentError, VariablesFile } from '../config/index.js';

/** What a file of variables gave. */
export interface EnvFile extends VariablesFile {
  readonly path: string;
  readonly exists: boolean;
}

/** There is a `.env`, and it cannot be read. The message is for the operator. */
export class EnvFileError extends Error {}

/** Windows' editor begins a file with this mark, which Node would take for a part of the first variable's name. */
const BYTE_ORDER_MARK = /^\uFEFF/;
/** An unquoted value with a `#` in it: what follows is a comment, also where somebody meant a secret. */
const CUT_OFF = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?!["'`\s])[^#\n]*[^#\s]#/;
/**
 * They would take away the protection of every call by TLS, or run code: nothing that a file in some folder may say.
 * (NODE_EXTRA_CA_CERTS does nothing there: Node reads it before any file.)
 */
const NOT_FOR_A_FILE = /^NODE_(?:TLS_REJECT_UNAUTHORIZED|OPTIONS)$/;

/**
 * Adds what `.env` in the current folder says; what the environment says already stays.
 *
 * @throws EnvFileError
 */
export function loadEnvFile(): EnvFile {
  const path = join(process.cwd(), '.env');
  const text = contentOf(path);
  if (text === undefined) return { path, exists: false, names: new Set(), problems: [] };
  const names = new Set<string>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (process.env[name] !== undefined) continue;
    if (NOT_FOR_A_FILE.test(name)) {
      problems.push(`${name} is not taken from .env: set it in the environment, if it must be`);
      continue;
    }
    process.env[name] = value;
    names.add(name);
  }
  for (const name of text.split('\n').flatMap((line) => CUT_OFF.exec(line)?.[1] ?? [])) {
    if (!names.has(name)) continue;
    problems.push(`${name} in .env has a #, and what follows it would be left out: put the value in quotation marks`);
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
    throw new EnvFileError(`${path} cannot be read: ${REASONS[code] ?? code}`);
  }
  if (content.includes(0)) {
    throw new EnvFileError(`${path} is not in UTF-8 (PowerShell's > writes UTF-16): save it as UTF-8`);
  }
  return content.toString('utf8').replace(BYTE_ORDER_MARK, '');
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: `this user may not read it (EACCES). Give it the file: chown, or chmod, and the folders on the way`,
  EPERM: 'this user may not read it (EPERM)',
  EISDIR: 'it is a folder (EISDIR). Docker makes one where a file to mount is missing',
  ELOOP: 'its link leads in a circle (ELOOP)',
};

/** Where variables that are missing were looked for: most often somebody stands in another folder. */
export function whereRead({ problems }: InvalidEnvironmentError, file: EnvFile | undefined): string {
  if (file === undefined || !problems.some((problem) => / is required: /.test(problem))) return '';
  return file.exists ? `(also read: ${file.path})\n` : `(there is no ${file.path})\n`;
}
