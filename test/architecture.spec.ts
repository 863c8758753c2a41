import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { circles, type Import, readImports } from '../bench/picture/imports.js';
import { tableAfter } from './support/markdown.js';

const ROOT = join(__dirname, '..');
const CONTRIBUTING = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

/** Separate programs beside the gateway. */
const AROUND = ['client', 'nocobase-plugin', 'sandbox', 'real-nocobase', 'demo', 'bench', 'scripts'];
/** Rooms that know no provider. */
const WITHOUT_PROVIDER = [
  'auth',
  'core/accounts',
  'core/errors',
  'core/limits',
  'core/sealed',
  'core/sign-in',
  'core/upstream',
  'nocobase-client',
  'shared-store',
  'plugin-client/signing',
  'web/rate-limit',
  'telemetry',
  'upstream',
  'config',
];
/** People read these texts, and they know DingTalk. */
const SENTENCES = 'src/core/errors/error-texts.ts';
/** Settings and texts in which a provider's name is allowed, by file. */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  'src/config/misspelled-variables.ts': ['DINGTALK|NOCOBASE|AUTH|AUTHENTICATORS|REDIS'],
  'src/nocobase-client/role-catalogue.ts': ["'DINGTALK_DEFAULT_ROLES'"],
  'src/telemetry/prometheus-metrics.ts': ['attempt to call DingTalk or NocoBase'],
  'src/core/upstream/upstream.errors.ts': ["UpstreamName = 'DingTalk' | 'NocoBase'"],
};

const { files, imports, packages } = readImports(ROOT, ['src', ...AROUND]);

/** `src/auth`, `src/core/accounts`, `client`; a file directly in `src` is a room of its own. */
function room(path: string): string {
  const [folder = '', name = '', inner = ''] = path.split('/');
  if (folder !== 'src') return folder;
  return name === 'core' ? `${folder}/${name}/${inner}` : `${folder}/${name}`;
}

/** Allowed imports, by room: rooms, or individual files; undefined allows everything. */
const MAP = new Map(
  [...tableAfter(CONTRIBUTING, '## The rooms'), ...tableAfter(CONTRIBUTING, 'Around it:')].map(
    ([name = '', , mayImport = '']): [string, readonly string[] | undefined] => {
      const importer = quoted(name)[0]?.replace(/\/$/, '') ?? '';
      const prefix = importer.startsWith('src/') ? 'src/' : '';
      const listed = quoted(mayImport).map((imported) => `${prefix}${imported}`);
      return [importer, mayImport === 'everything' ? undefined : listed];
    },
  ),
);

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
}

/** The name on the map: a room that is imported through its index, otherwise the file. */
function nameOf({ to }: Import): string {
  if (to.startsWith('dist/')) return 'dist';
  return to === `${room(to)}/index.ts` ? room(to) : to;
}

const leaving = imports.filter(({ from, to }) => room(from) !== room(to));

describe('The rooms', () => {
  it('is not empty', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(imports.length).toBeGreaterThan(700);
    // Static and type imports, re-exports, and `import()`.
    for (const arrow of [
      ['src/app.setup.ts', 'src/app.module.ts'],
      ['src/doctor/in-nocobase.ts', 'src/doctor/examined.ts'],
      ['src/dingtalk/index.ts', 'src/dingtalk/dingtalk.module.ts'],
      ['src/doctor/doctor.controller.ts', 'src/doctor/doctor.ts'],
      ['nocobase-plugin/src/client/index.tsx', 'nocobase-plugin/src/client/settings-form.tsx'],
    ]) {
      expect(imports).toContainEqual({ from: arrow[0], to: arrow[1] });
    }
  });

  it('has a row on the map for each room, and a room for each row', () => {
    const rooms = new Set(files.map(room).filter((name) => !name.endsWith('.ts')));
    const known = [...MAP.keys()].filter((name) => !['src/*.ts', 'deploy', 'docs/handbook'].includes(name));
    expect(known.toSorted()).toEqual([...rooms].toSorted());
  });

  it.each([...MAP].flatMap(([name, listed]) => (listed === undefined ? [] : [[name, listed] as const])))(
    'has imports as on the map: %s',
    (name, listed) => {
      const imported = new Set(leaving.filter(({ from }) => room(from) === name).map(nameOf));
      expect([...imported].toSorted()).toEqual([...listed].toSorted());
    },
  );

  it('has rooms that are imported through their index, even by rooms that may import everything', () => {
    const rooms = new Set(files.filter((path) => path.split('/').length > 2 && path.startsWith('src/')).map(room));
    expect([...rooms].filter((name) => !files.includes(`${name}/index.ts`))).toEqual([]);
    const throughTheWall = leaving.filter(
      ({ from, to }) => from.startsWith('src/') && rooms.has(room(to)) && to !== `${room(to)}/index.ts`,
    );
    expect(throughTheWall).toEqual([]);
  });

  it('has no import cycles, neither between rooms nor between files', () => {
    expect(circles(imports.map(({ from, to }) => ({ from: room(from), to: room(to) })))).toEqual([]);
    expect(circles(imports)).toEqual([]);
  });

  it('would detect a cycle', () => {
    const arrows = ['a b', 'b c', 'c a', 'c d', 'd d'].map((arrow) => {
      const [from = '', to = ''] = arrow.split(' ');
      return { from, to };
    });
    expect(circles(arrows)).toEqual([['a', 'b', 'c']]);
  });

  it('has a core without Nest, which the plugin in NocoBase uses as well', () => {
    const bundled = packages.filter(({ from }) => /^(?:src\/core|client|nocobase-plugin)\//.test(from));
    expect(bundled.length).toBeGreaterThan(20);
    const ofNest = /^(?:@nestjs\/|class-validator|class-transformer|reflect-metadata)/;
    expect(bundled.filter(({ to }) => ofNest.test(to))).toEqual([]);
  });

  it('has a core that does not read the environment', () => {
    const core = files.filter((path) => path.startsWith('src/core/'));
    expect(core.length).toBeGreaterThan(50);
    expect(core.filter((path) => /\bprocess\./.test(code(path)))).toEqual([]);
  });

  it("keeps a provider's terms in its room", () => {
    const isQuiet = (path: string): boolean =>
      path !== SENTENCES && WITHOUT_PROVIDER.some((name) => path.startsWith(`src/${name}/`));
    const quiet = files.filter(isQuiet);
    expect(quiet.flatMap((path) => providersWords(path).map((line) => `${path}: ${line}`))).toEqual([]);
  });

  it.each(Object.entries(IN_PLACE))('names a provider where people read it: %s', (path, words) => {
    expect(words.filter((word) => !code(path).includes(word))).toEqual([]);
  });
});

/** Lines that mention DingTalk, in any case; the product's own name is allowed. */
function providersWords(path: string): string[] {
  return ['nocobase-dingtalk-gateway', ...(IN_PLACE[path] ?? [])]
    .reduce((text, inPlace) => text.replaceAll(inPlace, ''), code(path))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /dingtalk|union_?id|state_?code|corp_?id/i.test(line));
}

/** Without comments. */
function code(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
}
