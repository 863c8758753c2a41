import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/** Who may import whom. A room that is not named here may import nothing of ours. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  dingtalk: [
    'auth',
    'accounts',
    'plugin-protocol',
    'pages',
    'rate-limit',
    'shared-store',
    'upstream',
    'telemetry',
    'errors',
    'config',
  ],
  auth: [
    'nocobase-client',
    'accounts',
    'plugin-client',
    'plugin-protocol',
    'signing',
    'shared-store',
    'telemetry',
    'errors',
    'config',
  ],
  'nocobase-client': ['accounts', 'upstream', 'errors', 'config'],
  accounts: ['errors'],
  authenticators: [
    'dingtalk',
    'auth',
    'nocobase-client',
    'accounts',
    'shared-store',
    'plugin-client',
    'plugin-protocol',
    'signing',
    'upstream',
    'telemetry',
    'errors',
    'config',
  ],
  health: ['dingtalk', 'shared-store', 'upstream', 'pages'],
  'shared-store': ['errors'],
  'rate-limit': ['shared-store', 'telemetry', 'errors', 'config'],
  pages: ['errors'],
  openapi: ['pages', 'errors', 'config'],
  provision: ['upstream'],
  // What the companion plugin imports, too: it knows nothing of ours.
  'plugin-protocol': [],
  signing: ['plugin-protocol'],
  'plugin-client': ['plugin-protocol', 'signing', 'upstream', 'errors'],
  upstream: ['telemetry', 'errors'],
  logging: ['telemetry'],
  telemetry: ['errors', 'config'],
  // Questions the whole gateway.
  doctor: [
    '.',
    'authenticators',
    'accounts',
    'dingtalk',
    'nocobase-client',
    'plugin-client',
    'plugin-protocol',
    'printing',
    'provision',
    'signing',
    'upstream',
    'config',
  ],
  // Lets NocoBase's administrator ask the doctor, who is loaded then.
  examination: [
    '.',
    'authenticators',
    'auth',
    'doctor',
    'pages',
    'plugin-client',
    'plugin-protocol',
    'rate-limit',
    'errors',
  ],
  // The commands start, question and prepare the whole gateway.
  cli: [
    '.',
    'authenticators',
    'auth',
    'accounts',
    'dingtalk',
    'doctor',
    'nocobase-client',
    'plugin-protocol',
    'printing',
    'provision',
    'logging',
    'upstream',
    'errors',
    'config',
  ],
};

/** They import packages that NocoBase's plugin can hold, and nothing of Nest's. */
const WITHOUT_NEST = ['accounts', 'errors', 'plugin-protocol'];

const SRC = join(__dirname, '..', 'src');

interface Import {
  readonly from: string;
  readonly to: string;
}

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'),
);
const room = (path: string): string => (path.includes(sep) ? path.slice(0, path.indexOf(sep)) : '.');
const imports: readonly Import[] = sources.flatMap((from) =>
  [...readFileSync(join(SRC, from), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, target]) => ({
    from,
    to: normalize(join(dirname(from), target ?? '')).replace(/\.js$/, '.ts'),
  })),
);

describe('The house', () => {
  it('was read', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('has arrows that point one way: dingtalk -> auth -> nocobase-client -> accounts -> errors', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [importer, imported] = [room(from), room(to)];
      return importer !== '.' && importer !== imported && !MAY_IMPORT[importer]?.includes(imported);
    });
    expect(wrong).toEqual([]);
  });

  it('has rooms that are entered by their door', () => {
    const throughTheWall = imports.filter(({ from, to }) => {
      const roomHasDoor = sources.includes(join(room(to), 'index.ts'));
      return room(to) !== '.' && room(from) !== room(to) && roomHasDoor && !to.endsWith(`${sep}index.ts`);
    });
    expect(throughTheWall).toEqual([]);
  });

  it('has rooms without Nest, of which the plugin in NocoBase is made, too', () => {
    const withoutNest = sources.filter((path) => WITHOUT_NEST.includes(room(path)));
    expect(new Set(withoutNest.map(room))).toEqual(new Set(WITHOUT_NEST));
    const wrong = withoutNest.filter((path) =>
      /from '(?:@nestjs\/|class-validator|class-transformer|reflect-metadata)/.test(
        readFileSync(join(SRC, path), 'utf8'),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the words of a provider in its room', () => {
    const strangers = sources
      .filter((path) =>
        ['auth', 'accounts', 'nocobase-client', 'shared-store', 'upstream', 'config'].includes(room(path)),
      )
      .filter((path) => /dingtalk|unionId|stateCode|corpId/.test(withoutComments(join(SRC, path))));
    expect(strangers.map((path) => relative('.', path))).toEqual([
      // The default name of the authenticator (contract 4), and the variable an operator must look at.
      'nocobase-client/nocobase.config.ts',
    ]);
  });
});

function withoutComments(path: string): string {
  return readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
