import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that some suites need beside Node. */
const PROGRAMS = {
  dockerCompose: { names: ['docker-compose'], hint: 'Debian: apt-get install docker-compose' },
  kubectl: { names: ['kubectl'], hint: 'Debian: apt-get install kubernetes-client' },
  openssl: { names: ['openssl'], hint: 'Debian: apt-get install openssl' },
  systemdAnalyze: { names: ['systemd-analyze'], hint: 'Debian: apt-get install systemd' },
  yamllint: { names: ['yamllint'], hint: 'Debian: apt-get install yamllint' },
  // Chromium without a user interface: half the work of the full browser.
  chromium: {
    names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
    hint: 'Debian: apt-get install chromium-headless-shell',
  },
  redis: { names: ['redis-server'], hint: 'Debian: apt-get install redis-server' },
  promtool: { names: ['promtool'], hint: 'Debian: apt-get install prometheus' },
  postgres: { names: ['initdb'], hint: 'Debian: apt-get install postgresql' },
  mariadb: { names: ['mariadbd'], hint: 'Debian: apt-get install mariadb-server' },
  nginx: { names: ['nginx'], hint: 'Debian: apt-get install nginx' },
  script: { names: ['script'], hint: 'Debian: apt-get install bsdutils' },
  caddy: { names: ['caddy'], hint: 'Debian: apt-get install caddy' },
} as const;

/** Debian keeps servers out of ordinary users' PATH. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** The path of a program; undefined if this machine does not have it. */
export function findProgram(program: keyof typeof PROGRAMS): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS, ...debianPostgres()];
  const paths = folders.flatMap((folder) => PROGRAMS[program].names.map((name) => join(folder, name)));
  return paths.find(isExecutable);
}

/** A suite that needs a program. If it is missing, the suite is skipped with the reason; in CI that is a failure. */
export function describeWith(program: keyof typeof PROGRAMS, name: string, suite: (path: string) => void): void {
  const path = findProgram(program);
  if (path !== undefined) {
    describe(name, () => suite(path));
    return;
  }
  const reason = `needs ${program}, which is not on this machine (${PROGRAMS[program].hint})`;
  if (process.env['CI']) {
    describe(name, () => {
      it(`finds ${program}`, () => {
        throw new Error(reason);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${reason})`, () => suite(''));
  }
}

/** Debian keeps PostgreSQL's own programs out of PATH. */
function debianPostgres(): string[] {
  try {
    return readdirSync('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
