import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Rows of a table of guarantees: threat, guarantee and what else is in the row. */
const rowsOf = (name: string, isGuarantee: RegExp): string[][] =>
  readFileSync(join(ROOT, name), 'utf8')
    .split('\n')
    .filter((line) => isGuarantee.test(line))
    .map((line) => line.slice(2, -2).split(' | '));

/** Every guarantee with all its tests. */
const ALL = rowsOf('docs/threats.md', /^\| .+` › "/);
/** SECURITY.md sums them up: a threat links to the file of one test. */
const SUMMARY = rowsOf('SECURITY.md', /^\| \[.+\]\([^)]+\.(?:spec|e2e-spec|contract)\.ts\) \| /);

/** `file` › "title" */
const named = ALL.flatMap(([threat = '', , tests = '']) =>
  [...tests.matchAll(/`([^`]+)` › "(.+?)"(?=;|$)/g)].map(([, file = '', title = '']) => ({
    threat,
    file,
    title,
  })),
);

/** As the title is in the source: in any quotes, escaped or not. */
function holds(source: string, title: string): boolean {
  const plain = (text: string): string => text.replace(/\\(['"`])/g, '$1').replace(/[’]/g, "'");
  return plain(source).includes(plain(title));
}

describe('SECURITY.md', () => {
  it('has a test for each of its guarantees', () => {
    expect(ALL.length).toBeGreaterThan(130);
    for (const [threat, guarantee, tests] of ALL) {
      expect([threat, guarantee?.endsWith('.'), tests?.startsWith('`')]).toEqual([threat, true, true]);
    }
  });

  it('sums up what docs/threats.md has in full', () => {
    const cited = new Set(named.map(({ file }) => file));
    expect(SUMMARY.length).toBeGreaterThan(40);
    for (const [threat = '', guarantee] of SUMMARY) {
      const [, file = ''] = /\(([^)]+)\)$/.exec(threat) ?? [];
      expect([threat, guarantee?.endsWith('.'), cited.has(file)]).toEqual([threat, true, true]);
    }
  });

  it('can be read in ten minutes', () => {
    const words = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8').match(/[^\s|]{2,}/g) ?? [];
    expect(words.length).toBeLessThanOrEqual(2_300);
  });

  it.each(named)('names a test that exists: $file › $title', ({ file, title }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect([title, holds(source, title)]).toEqual([title, true]);
  });
});
