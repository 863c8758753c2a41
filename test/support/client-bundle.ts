import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oncePerRun } from './once-per-run.js';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'client.mjs');

/** What `npm run build` makes of `client/`, built from the current source: file name and code. */
export async function bundleClient(): Promise<ReadonlyMap<string, string>> {
  const folder = oncePerRun('client', (into) => execFileSync(process.execPath, [SCRIPT, into]));
  const names = ['in-app.js', 'front-door.js', 'scan-widget.js', 'hand-off-page.js', 'page-title.js'];
  const code = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(names.map((name, index) => [name, code[index] ?? '']));
}
