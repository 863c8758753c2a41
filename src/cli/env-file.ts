import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Windows' editor begins a file with this mark, which Node would take for a part of the first variable's name. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** Adds what `.env` in the current folder says; what the environment says already stays. */
export function loadEnvFile(): void {
  if (!existsSync('.env')) return;
  const variables = parseEnv(readFileSync('.env', 'utf8').replace(BYTE_ORDER_MARK, ''));
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
}
