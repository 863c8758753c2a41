// Packs NocoBase's companion plugin into the folder that the program serves it from. Part of `npm run build`.
//   node scripts/plugin.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Beside its destination, so that it can be moved there atomically: a gateway may be serving it.
const folder = mkdtempSync(at('dist/plugin-'));
try {
  execFileSync(process.execPath, [at('nocobase-plugin/build.mjs'), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [packed] = readdirSync(folder);
  renameSync(join(folder, packed), at('dist/plugin.tgz'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
