import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Rows of the tables of guarantees: threat, guarantee, tests. */
const rowsOf = (name: string): string[][] =>
  readFileSync(join(ROOT, name), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('` › "'))
    .map((line) => line.slice(2, -2).split(' | '));

/** Every guarantee with all its tests; SECURITY.md sums them up, with one test each. */
const ALL = rowsOf('docs/threats.md');
const SUMMARY = rowsOf('SECURITY.md');

/** `file` › "title" */
const named = ALL.flatMap(([threat = '', , tests = '']) =>
  [...tests.matchAll(/`([^`]+)` › "(.+?)"(?=;|$)/g)].map(([, file = '', title = '']) => ({
    threat,
    file,
    title,
  })),
);

/** As it stands in a title in the source: in any quotes, escaped or not. */
function holds(source: string, title: string): boolean {
  const plain = (text: string): string => text.replace(/\\(['"`])/g, '$1').replace(/[’]/g, "'");
  return plain(source).includes(plain(title));
}

describe('SECURITY.md', () => {
  it('has a test for each of its guarantees', () => {
    expect(ALL.length).toBeGreaterThan(130);
    expect(SUMMARY.length).toBeGreaterThan(40);
    for (const [threat, guarantee, tests] of [...ALL, ...SUMMARY]) {
      expect([threat, guarantee?.endsWith('.'), tests?.startsWith('`')]).toEqual([threat, true, true]);
    }
  });

  it('sums up what docs/threats.md has in full', () => {
    const inFull = new Set(ALL.flatMap(([, , tests = '']) => tests.split(/(?<="); /)));
    const summedUp = SUMMARY.flatMap(([, , tests = '']) => tests.split(/(?<="); /));
    expect(summedUp.filter((test) => !inFull.has(test))).toEqual([]);
  });

  it.each(named)('names a test that exists: $file › $title', ({ file, title }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect([title, holds(source, title)]).toEqual([title, true]);
  });
});
