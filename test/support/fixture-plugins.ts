import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oncePerRun } from './once-per-run.js';

/** A plugin of `fixture-plugins/`, packed for NocoBase's plugin manager. */
export function fixturePlugin(name: 'lock-listener' | 'other-sign-ins'): {
  readonly file: string;
  readonly packageName: string;
} {
  const source = join(__dirname, 'fixture-plugins', name);
  const { name: packageName } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { name: string };
  const folder = oncePerRun(name, (into) => {
    const root = join(into, 'package');
    mkdirSync(join(root, 'dist/server'), { recursive: true });
    cpSync(join(source, 'package.json'), join(root, 'package.json'));
    cpSync(join(source, 'server.cjs'), join(root, 'dist/server/index.js'));
    cpSync(join(__dirname, '../../nocobase-plugin/external-version.cjs'), join(root, 'dist/externalVersion.js'));
    writeFileSync(join(root, 'server.js'), "module.exports = require('./dist/server/index.js');\n");
    writeFileSync(join(root, 'client.js'), '');
    execFileSync('tar', ['-czf', 'plugin.tgz', 'package'], { cwd: into });
  });
  return { file: join(folder, 'plugin.tgz'), packageName };
}
