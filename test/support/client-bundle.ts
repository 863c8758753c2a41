import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'client.mjs');

/** What `npm run build` makes of `client/`, made anew from today's source: file name and code. */
export async function bundleClient(): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'client-'));
  try {
    await promisify(execFile)(process.execPath, [SCRIPT, folder]);
    const names = ['in-app.js', 'front-door.js', 'scan-widget.js', 'hand-off-page.js', 'page-title.js'];
    const code = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    return new Map(names.map((name, index) => [name, code[index] ?? '']));
  } finally {
    await rm(folder, { recursive: true });
  }
}
