import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oncePerRun } from './once-per-run.js';

const SOURCE = join(__dirname, 'other-sign-ins');

/** The plugin in that folder, packed for NocoBase's plugin manager. */
export function otherSignIns(): { readonly file: string; readonly packageName: string } {
  const { name } = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8')) as { name: string };
  const folder = oncePerRun('other-sign-ins', (into) => {
    const root = join(into, 'package');
    mkdirSync(join(root, 'dist/server'), { recursive: true });
    cpSync(join(SOURCE, 'package.json'), join(root, 'package.json'));
    cpSync(join(SOURCE, 'server.cjs'), join(root, 'dist/server/index.js'));
    cpSync(join(__dirname, '../../nocobase-plugin/external-version.cjs'), join(root, 'dist/externalVersion.js'));
    writeFileSync(join(root, 'server.js'), "module.exports = require('./dist/server/index.js');\n");
    writeFileSync(join(root, 'client.js'), '');
    execFileSync('tar', ['-czf', 'plugin.tgz', 'package'], { cwd: into });
  });
  return { file: join(folder, 'plugin.tgz'), packageName: name };
}
