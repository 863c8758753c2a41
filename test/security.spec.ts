import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const SECURITY = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');

/** Rows of the tables of guarantees: threat, guarantee, tests. */
const rows = SECURITY.split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('` › "'))
  .map((line) => line.slice(2, -2).split(' | '));

/** `file` › "title" */
const named = rows.flatMap(([threat = '', , tests = '']) =>
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
    expect(rows.length).toBeGreaterThan(80);
    for (const [threat, guarantee, tests] of rows) {
      expect([threat, guarantee?.endsWith('.'), tests?.startsWith('`')]).toEqual([threat, true, true]);
    }
  });

  it.each(named)('names a test that exists: $file › $title', ({ file, title }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect([title, holds(source, title)]).toEqual([title, true]);
  });
});
