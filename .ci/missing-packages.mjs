// Prints the Debian packages of the programs that test suites need and this machine lacks. The suites provide the list.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POSTGRES = '/usr/lib/postgresql';

const list = readFileSync(new URL('../test/support/requirements.ts', import.meta.url), 'utf8');
const programs = [...list.matchAll(/names: \[([^\]]*)\],\s*hint: 'Debian: apt-get install ([\w.-]+)/g)];
if (programs.length < 5) throw new Error('test/support/requirements.ts does not look as it did');

const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
const folders = [
  ...process.env.PATH.split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
  ...versions.map((version) => join(POSTGRES, version, 'bin')),
];
const isThere = (name) => folders.some((folder) => existsSync(join(folder, name)));
const missing = programs
  .filter(([, names]) => ![...names.matchAll(/'([^']+)'/g)].some(([, name]) => isThere(name)))
  .map(([, , name]) => name);
process.stdout.write(`${[...new Set(missing)].join(' ')}\n`);
