import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedLines, differences } from '../bench/picture/compare.js';
import { publicTypes } from '../bench/picture/public-types.js';
import { specFiles, testTitles, titlesIn } from '../bench/picture/test-titles.js';

const ROOT = join(__dirname, '..');

describe('The list of test titles', () => {
  it('has each test with its describe blocks, and a table as one', () => {
    const source = `
      describe('A', () => {
        it('one', async () => undefined);
        // it('not this one', () => undefined);
        describe.each([1, 2])('table %i', (n) => {
          it.each([['x', () => 1]])('row %s', (row) => expect(row + n).toBe(1));
          test.failing('failing', () => undefined);
        });
        describeWith('redis', 'with Redis', (program) => {
          it(\`computed \${program}\`, () => undefined);
        });
        it(named(), function () {});
      });
      jest.mock('it', () => undefined);
      item('no test', () => undefined);
    `;
    expect(titlesIn(source)).toEqual([
      'A › one',
      'A › table %i › row %s',
      'A › table %i › failing',
      'A › with Redis › `computed ${program}`',
      'A › named()',
    ]);
  });

  it('misses no test of this project', () => {
    const files = specFiles(ROOT);
    const titles = testTitles(ROOT, files);
    for (const file of files.filter((path) => !path.endsWith('.contract.ts'))) {
      // As the formatter lays them out; a call inside a string in this file is not one.
      const written = readFileSync(join(ROOT, file), 'utf8').match(/^ *it(?:\.each|\.failing)?[(<]/gm) ?? [];
      if (file !== 'test/picture.spec.ts') {
        expect([file, titles.filter((title) => title.startsWith(`${file} › `)).length]).toEqual([file, written.length]);
      }
    }
  });
});

describe('The public types', () => {
  it('are listed by name and member, whichever file they are in', () => {
    const folder = mkdtempSync(join(tmpdir(), 'public-types-'));
    writeFileSync(
      join(folder, 'inner.d.ts'),
      'export interface Options { readonly url: string; limit?: number }\nexport declare class Module { static forRoot(options: Options): Module; start(): void }\ndeclare const mark: unique symbol;\nexport type Marked = string & { readonly [mark]: true };\nexport type Kind = "a" | "b";\nexport declare const LIMIT = 5;\n',
    );
    writeFileSync(
      join(folder, 'index.d.ts'),
      `export { type Kind, LIMIT, type Marked, Module, type Options } from './inner.js';\n`,
    );
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const told = publicTypes(join(folder, 'index.d.ts'));
    expect(told).toContain('type Marked: [mark]: true');
    expect(told.filter((line) => !line.startsWith('type Marked'))).toEqual([
      'LIMIT: 5',
      'Module: typeof Module',
      'type Kind = "a" | "b"',
      'type Module = Module',
      'type Module: start: () => void',
      'type Options = Options',
      'type Options: limit?: number | undefined',
      'type Options: url: string',
    ]);
    expect(() => publicTypes(join(folder, 'nothing.d.ts'))).toThrow('exports nothing');
  });
});

describe('The comparison of two pictures', () => {
  it('lists removed, added and merely moved lines', () => {
    expect(changedLines('a\nb\nb\n', 'a\nb\nc\n')).toEqual(['- b', '+ c']);
    expect(changedLines('a\nb\n', 'b\na\n')).toEqual(['! the same lines in another order']);
    expect(changedLines('a\n', 'a\n')).toEqual([]);
  });

  it('compares text exactly, including added and removed files, and measurements as ratios', () => {
    const before = { exact: { 'a.txt': 'one\n', 'same.txt': 's\n' }, measured: { 'start, ms': 400, 'gone, MB': 1.5 } };
    const now = { exact: { 'b.txt': 'two\n', 'same.txt': 's\n' }, measured: { 'start, ms': 500, 'new, MB': 2 } };
    expect(differences(before, now)).toEqual({
      exact: { 'a.txt': ['- one'], 'b.txt': ['+ two'] },
      measured: [
        'start, ms: 400 -> 500 (x 1.250)',
        'gone, MB: 1.50 -> is not measured',
        'new, MB: was not measured -> 2',
      ],
    });
  });
});
