import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that some suites need beside Node. */
const PROGRAMS = {
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], hint: 'Debian: apt-get install chromium' },
  redis: { names: ['redis-server'], hint: 'Debian: apt-get install redis-server' },
  promtool: { names: ['promtool'], hint: 'Debian: apt-get install prometheus' },
  postgres: { names: ['initdb'], hint: 'Debian: apt-get install postgresql' },
} as const;

/** The path of a program; undefined where this machine does not have it. */
export function findProgram(program: keyof typeof PROGRAMS): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debianPostgres()];
  const paths = folders.flatMap((folder) => PROGRAMS[program].names.map((name) => join(folder, name)));
  return paths.find(isExecutable);
}

/**
 * A suite that needs a program. Without it the suite says that it is skipped and why; in CI that is a failure.
 */
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

/** Debian keeps PostgreSQL's own programs out of the path. */
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
