import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeBlocks, headings, links, ROOT, slug } from './support/handbook.js';

/** Every document except the handbook, which has its own tests. */
const DOCUMENTS = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((name) => existsSync(join(ROOT, name)) && !/^docs\/handbook\/(?:en|zh)\//.test(name));

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const page = (name: string) => ({ file: join(ROOT, name), name, language: '', text: read(name) });

/** Words for which the glossary or a dictionary has better ones. Titles of tests and names in code are not checked. */
const TICS = /\b(?:whoever|somebody|anybody|everybody|of ours|put right|good for|may in|is away)\b/gi;

describe('Documents', () => {
  it.each(DOCUMENTS)('%s has no broken links', (name) => {
    const broken = links(page(name)).filter(({ target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(ROOT, name) : resolve(dirname(join(ROOT, name)), path);
      if (!existsSync(file)) return true;
      if (anchor === undefined) return false;
      return !headings({ text: readFileSync(file, 'utf8') }).some(({ text }) => slug(text) === anchor);
    });
    expect(broken.map(({ target }) => target)).toEqual([]);
  });

  it.each(
    // A changelog describes older versions, and the sandbox's and NocoBase's documents are for programmers.
    DOCUMENTS.filter((name) => !/^(?:CHANGELOG|sandbox|real-nocobase)/.test(name)),
  )('%s uses plain words', (name) => {
    const prose = read(name)
      // The map of rooms.
      .replace(/^\| `src\/.*$/gm, '')
      .replace(/^( *)```[\s\S]*?^\1```$/gm, '')
      .replace(/`[^`]+` › ".+?"(?=;| \||$)/gm, '');
    expect([...prose.matchAll(TICS)].map(([word]) => word)).toEqual([]);
  });
});

describe('README', () => {
  it.each(['README.md', 'README.zh.md'])('%s is short: 12 kB at most', (name) => {
    expect(statSync(join(ROOT, name)).size).toBeLessThanOrEqual(12_000);
  });

  it('says the same in both languages', () => {
    const [en, zh] = [page('README.md'), page('README.zh.md')];
    expect(headings(zh).map(({ level }) => level)).toEqual(headings(en).map(({ level }) => level));
    const shape = (text: string): string[] =>
      text
        .split('\n')
        .map((line) => /^(?:\||\d\.)/.exec(line)?.[0])
        .filter((start) => start !== undefined);
    expect(shape(zh.text)).toEqual(shape(en.text));
    const commands = (one: typeof en): string[] =>
      codeBlocks(one)
        .filter(({ info }) => info === 'sh')
        .map(({ text }) => text);
    expect(commands(zh)).toEqual(commands(en));
  });

  it('shows every screenshot that is in the repository', () => {
    const shown = read('README.md') + read('README.zh.md');
    expect(readdirSync(join(ROOT, 'docs/screenshots')).filter((name) => !shown.includes(name))).toEqual([]);
  });
});
