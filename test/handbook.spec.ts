import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { measuredIn, withComputed } from '../bench/capacity/page.js';
import { GATEWAY_REFUSALS } from '../src/core/plugin-protocol/index.js';
import { ERROR_STATUS, type ErrorCode } from '../src/core/errors/index.js';
import { MESSAGES } from '../src/web/pages/messages.js';
import { readSettings } from '../src/settings.js';
import { inWordsOfVariables, ok } from '../src/core/doctor/index.js';
import { GATEWAY_PROBES, PLUGIN_PROBES, STOCK_PROBES } from '../src/doctor/probes/index.js';
import {
  chapterNames,
  type CodeBlock,
  codeBlocks,
  headings,
  links,
  type Page,
  pages,
  ROOT,
  slug,
} from './support/handbook.js';
import { readVariables } from './support/read-variables.js';
import { TestNocoBase } from './support/nocobase.js';
import { SignInCase } from './support/sign-in-case.js';

const variablesOfTheCode = readVariables();
const LANGUAGES = ['en', 'zh'] as const;
const all = pages();
const english = all.filter(({ language }) => language === 'en');
const chapter = (language: string, number: string): Page => {
  const found = all.find((page) => page.language === language && page.name.startsWith(number));
  if (found === undefined) throw new Error(`no chapter ${number} in ${language}`);
  return found;
};
/** Blocks with this info string, from the English pages: another test shows that the Chinese ones are the same. */
const blocks = (info: string): readonly CodeBlock[] =>
  english.flatMap(codeBlocks).filter((block) => block.info === info || block.info.startsWith(`${info} `));
const title = ({ page, line, info }: CodeBlock): string => `${page}:${line} (${info})`;

describe('The handbook in two languages', () => {
  it('has the same chapters, all of them in the index', () => {
    const [en, zh] = LANGUAGES.map(chapterNames);
    expect(en).toHaveLength(17);
    expect(zh).toEqual(en);
    const index = readFileSync(join(ROOT, 'docs', 'handbook', 'README.md'), 'utf8');
    for (const name of en ?? []) for (const language of LANGUAGES) expect(index).toContain(`(${language}/${name})`);
  });

  it.each(chapterNames('en'))('%s has the same headings and tables', (name) => {
    const [en, zh] = [chapter('en', name), chapter('zh', name)];
    expect(headings(zh).map(({ level }) => level)).toEqual(headings(en).map(({ level }) => level));
    const rows = ({ text }: Page): number => text.split('\n').filter((line) => line.startsWith('|')).length;
    expect(rows(zh)).toBe(rows(en));
    const shape = (page: Page): string[] => links(page).map(({ target }) => target.replace(/#.*$/, ''));
    expect(shape(zh).toSorted()).toEqual(shape(en).toSorted());
  });

  it.each(chapterNames('en'))('%s has the same code', (name) => {
    const code = (page: Page): string[] => codeBlocks(page).map(({ info, text }) => `${info}\n${text}`);
    expect(code(chapter('zh', name))).toEqual(code(chapter('en', name)));
  });

  it.each(all.map((page) => [relative(ROOT, page.file), page] as const))('%s has no broken links', (_name, page) => {
    const broken = links(page).filter(({ target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page.file : normalize(resolve(dirname(page.file), path));
      if (!existsSync(file)) return true;
      return (
        anchor !== undefined &&
        !headings({ ...page, text: readFileSync(file, 'utf8') }).some((one) => slug(one.text) === anchor)
      );
    });
    expect(broken.map(({ target }) => target)).toEqual([]);
  });
});

describe('Variables', () => {
  const documented = (language: string) =>
    [...chapter(language, '05').text.matchAll(/^\| `([A-Z][A-Z0-9_]+)`( \[FILE\])? \| (\S+) \|/gm)].map(
      ([, name = '', file, value = '']) => ({ name, file: file !== undefined, value: value.replaceAll('`', '') }),
    );
  /** According to chapter 5 these are for commands; they do not belong in a file. */
  const ONLY_FOR_COMMANDS = ['NOCOBASE_ROOT_ACCOUNT', 'NOCOBASE_ROOT_PASSWORD', 'NO_COLOR'];

  it.each(LANGUAGES)('are all documented (%s), and no others', (language) => {
    const names = documented(language).map(({ name }) => name);
    expect(names.length).toBe(new Set(names).size);
    expect(names.toSorted()).toEqual([...variablesOfTheCode.keys()].toSorted());
  });

  it('are in .env.example, and no others', () => {
    const example = [...readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(
      ([, name = '']) => name,
    );
    const left = [...variablesOfTheCode.keys()].filter((name) => !example.includes(name));
    expect(example.filter((name) => !variablesOfTheCode.has(name))).toEqual([]);
    // OpenTelemetry has many variables of its own; one of them represents all.
    expect(left.filter((name) => !ONLY_FOR_COMMANDS.includes(name) && !name.startsWith('OTEL_'))).toEqual([]);
  });

  it.each(LANGUAGES)('have the documented defaults (%s), and files', (language) => {
    const written = { en: { required: 'required', none: 'none' }, zh: { required: '必填', none: '无' } }[language];
    for (const { name, file, value } of documented(language)) {
      const inCode = variablesOfTheCode.get(name);
      if (inCode === undefined) continue;
      expect([name, file]).toEqual([name, inCode.fromFile]);
      // Without a default in the code, a variable is required, absent, or replaces another.
      const allowed = inCode.default
        ? [inCode.default]
        : [written.none, ...(inCode.default === undefined ? [written.required, 'NOCOBASE_URL'] : [])];
      expect([name, allowed]).toEqual([name, expect.arrayContaining([value])]);
    }
  });
});

describe('Errors', () => {
  it.each(LANGUAGES)('all have a section (%s) with their status and the sentence that people see', (language) => {
    const { text } = chapter(language, '06');
    const sections = [...text.matchAll(/^### `(\w+)` \(([\d, ]+)\)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)];
    expect(sections.map(([, code = '']) => code).toSorted()).toEqual(Object.keys(ERROR_STATUS).toSorted());
    for (const [, code = '', status, section] of sections) {
      expect([code, status?.split(', ')[0]]).toEqual([code, String(ERROR_STATUS[code as ErrorCode])]);
      expect(section).toContain(`*${MESSAGES[language].errors[code as ErrorCode].title}`);
    }
  });
});

describe('The detail beside a code', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => readFileSync(join(ROOT, 'src', path), 'utf8'))
    .join('\n');

  it.each(LANGUAGES)('is explained if an operator must check a setting (%s)', (language) => {
    const named = [...source.matchAll(/new MisconfiguredError\(\s*'([^']+)'/g)].map(([, setting = '']) => setting);
    expect(named.length).toBeGreaterThan(5);
    // One line covers all rights at NocoBase.
    const own = named.filter((setting) => !setting.startsWith('NocoBase: '));
    expect(own.filter((setting) => !chapter(language, '06').text.includes(setting))).toEqual([]);
  });

  it.each(LANGUAGES)('is quoted as the log has it (%s)', (language) => {
    const quoted = [...chapter(language, '06').text.matchAll(/^- \*([a-z][^*]+)\*[:：]/gm)].map(
      ([, words = '']) => words,
    );
    expect(quoted).toHaveLength(5);
    const pieces = quoted.flatMap((words) => words.split('…').map((piece) => piece.replace(/^, /, '').trim()));
    expect(pieces.filter((piece) => !source.includes(piece))).toEqual([]);
  });
});

describe('The chapter on the plugin', () => {
  it.each(LANGUAGES)('names every reason for missing authenticators, and every refusal (%s)', (language) => {
    const { text } = chapter(language, '13');
    const rows = [...text.matchAll(/^\| (`\w+`(?:[,、] ?`\w+`)*) \| /gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    expect(rows).toEqual(expect.arrayContaining(Object.keys(MESSAGES.en.setUp)));
    for (const refusal of Object.values(GATEWAY_REFUSALS)) expect(text).toContain(`\`${refusal}\``);
  });
});

describe('The tables of the form and of the log', () => {
  const sources = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
  const found = (folder: string, pattern: RegExp): string[] => [
    ...new Set(sources(folder).flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name))),
  ];

  it.each([
    ['en', 'en-US'],
    ['zh', 'zh-CN'],
  ])('has every field of the form (%s)', (language, locale) => {
    const labels = found('nocobase-plugin/src/client-shared/sections', /\blabel: '([^']+)'/g);
    const words = JSON.parse(
      readFileSync(join(ROOT, 'nocobase-plugin/src/locale', `${locale}.json`), 'utf8'),
    ) as Record<string, string>;
    expect(labels.length).toBeGreaterThan(20);
    const fields = chapter(language, '13')
      .text.split('\n')
      .flatMap((line) => [...(/^\| ([^|]+) \|/.exec(line)?.[1] ?? '').matchAll(/\*([^*]+)\*/g)])
      .map(([, field = '']) => field.trim());
    expect(labels.map((label) => words[label]).filter((label) => !fields.includes(label ?? ''))).toEqual([]);
  });

  it.each(LANGUAGES)('has every event of the log (%s)', (language) => {
    const events = [
      ...found('src', /\bevent: '([a-z_]+)'/g),
      ...found('src/leavers', /\.(?:line|notice)\('([a-z_]+)'/g),
      ...found('nocobase-plugin/src/server', /\bevent: '([a-z_]+)'/g),
    ];
    expect(events).toEqual(expect.arrayContaining(['sign_in', 'leaver', 'leavers_not_kept', 'dingtalk_leaver']));
    const { text } = chapter(language, '09');
    expect(events.filter((event) => !text.includes(`\`${event}\``))).toEqual([]);
  });
});

describe('The chapter on capacity', () => {
  it.each(LANGUAGES)('computes its tables from the measured one (%s)', (language) => {
    const { text } = chapter(language, '14');
    // Different figures? `node build/bench/capacity.js` after `npm run bench` writes them.
    expect(text).toBe(withComputed(text));
    expect(text.match(/<!-- computed: (?!end)\w+ -->/g)).toHaveLength(2);
    expect(measuredIn(text)).toEqual(measuredIn(chapter('en', '14').text));
  });
});

describe('Configurations', () => {
  /** Writes the files that an example names below a folder of the test, and adapts the paths in the example. */
  function withFiles(text: string, folder: string): string {
    return text.replace(/(_FILE=|file: )([\w./-]+)/g, (_all, before: string, path: string) => {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      if (!existsSync(target)) writeFileSync(target, 'a-secret-of-a-test-that-is-long-enough-for-all');
      return before + target;
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'handbook-'));
  const variables = (text: string): Record<string, string> =>
    Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line)?.slice(1) ?? ['', line]),
    );
  const complete = blocks('env gateway').filter(({ info }) => info !== 'env gateway file');
  const authenticators = blocks('yaml authenticators');

  it('exist', () => {
    expect(
      [complete.length, blocks('env part').length, blocks('env plugin').length, authenticators.length].every(
        (count) => count > 0,
      ),
    ).toBe(true);
  });

  it.each(complete.map((block) => [title(block), block] as const))('%s is accepted unchanged', (_name, block) => {
    const settings = readSettings(variables(withFiles(block.text, folder)));
    expect(settings.authenticators[0]?.nocobase.handOff).toBe(block.info.split(' ')[2]);
  });

  it.each(blocks('env plugin').map((block) => [title(block), block] as const))(
    '%s is all that a gateway needs with the plugin',
    (_name, block) => {
      const { source, notices } = readSettings({ ...variables(block.text), STATE_FOLDER: folder });
      expect([source.kind, notices]).toEqual(['nocobase', []]);
    },
  );

  it.each(blocks('env part').map((block) => [title(block), block] as const))(
    '%s is accepted on top of the minimal configuration',
    (_name, block) => {
      const least = complete.findLast(({ page }) => page.includes('05'));
      const [base, part] = [variables(least?.text ?? ''), variables(block.text)];
      expect(Object.keys(part)).not.toContain('');
      expect(() => readSettings({ ...base, ...part })).not.toThrow();
      expect(Object.keys(part).filter((name) => !variablesOfTheCode.has(name))).toEqual([]);
    },
  );

  it.each(authenticators.map((block) => [title(block), block] as const))('%s can be read', (_name, block) => {
    const file = join(folder, 'authenticators.yaml');
    writeFileSync(file, withFiles(block.text, folder));
    const environment = variables(withFiles(blocks('env gateway file')[0]?.text ?? '', folder));
    const { authenticators: read } = readSettings({ ...environment, AUTHENTICATORS_FILE: file });
    expect(read.map(({ name }) => name)).toEqual(
      [...block.text.matchAll(/- name: (\S+)/g)].map(([, name = '']) => name),
    );
  });
});

describe('Commands', () => {
  const shell = blocks('sh');
  const lines = shell.flatMap((block) => block.text.split('\n').map((line) => ({ block, line: line.trim() })));
  const scripts = z
    .object({ scripts: z.record(z.string(), z.string()), bin: z.record(z.string(), z.string()).optional() })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const calls = lines.flatMap(({ block, line }) => {
    const [, words] = /(?:npx|docker run .*) nocobase-dingtalk-gateway ?(.*)$/.exec(line) ?? [];
    return words === undefined ? [] : [{ where: `${title(block)} ${line}`, words: words.split(' ').filter(Boolean) }];
  });
  const asked = new Map<string, string>();
  /** Output of `--help`, requested once for each command. */
  const help = (...command: readonly string[]): string => {
    const key = command.join(' ');
    const program = [join(ROOT, 'dist', 'main.js'), ...command, '--help'];
    const text = asked.get(key) ?? execFileSync(process.execPath, program, { encoding: 'utf8', cwd: tmpdir() });
    asked.set(key, text);
    return text;
  };

  it.each(shell.map((block) => [title(block), block] as const))('%s can be pasted', (_name, block) => {
    expect(spawnSync('sh', ['-n'], { input: block.text, encoding: 'utf8' }).stderr).toBe('');
    for (const [, script] of block.text.matchAll(/npm run (\S+)/g))
      expect(scripts.scripts).toHaveProperty([script ?? '']);
  });

  it('exist, with their options', () => {
    expect(calls.length).toBeGreaterThan(10);
    expect(scripts.bin).toHaveProperty('nocobase-dingtalk-gateway');
    for (const { where, words } of calls) {
      const [first] = words;
      const command = first === undefined || first.startsWith('-') ? [] : [first];
      const text = help(...command);
      const unknown = words.filter((word) => word.startsWith('--') && !new RegExp(`(^|\\s)${word}\\b`, 'm').test(text));
      expect([where, unknown]).toEqual([where, []]);
      if (first !== undefined && command.length > 0)
        expect([where, help()]).toEqual([where, expect.stringMatching(new RegExp(`^ +${first}\\b`, 'm'))]);
    }
  });

  it('can be called as written, in a checkout that was built', () => {
    const call = spawnSync('npx', ['nocobase-dingtalk-gateway', '--help'], { encoding: 'utf8', cwd: ROOT });
    // A file from the compiler is not executable until it is made so.
    expect(call.stderr).not.toContain('Permission denied');
    expect(call.stdout).toBe(help());
  });

  it.each(LANGUAGES)('are all documented (%s)', (language) => {
    const known = [...help().matchAll(/^ {2}([a-z]+)(?: \[| {2,})/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    const described = [...chapter(language, '07').text.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name = '']) => name);
    expect(known.length).toBeGreaterThan(5);
    expect(described.toSorted()).toEqual(known.toSorted());
  });

  it.each(LANGUAGES)('include a doctor whose lines are listed by name (%s)', (language) => {
    const probes = [...GATEWAY_PROBES, ...STOCK_PROBES, ...PLUGIN_PROBES];
    const titles = probes.map(({ id, title }) =>
      inWordsOfVariables({ id, title, ...ok(title) }).title[language].replace(/ ?[(（](?:login|api|oapi)[)）]$/, ''),
    );
    const listed = [...chapter(language, '07').text.matchAll(/^\| \*(.+)\* \| \[/gm)].map(([, name = '']) => name);
    expect(listed.toSorted()).toEqual([...new Set(titles)].toSorted());
    const cited = chapter(language, '06')
      .text.split('\n')
      .filter((line) => line.startsWith('- **`doctor`**'))
      .flatMap((line) => [...line.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)].map(([, name = '']) => name));
    expect(cited.filter((name) => !titles.includes(name))).toEqual([]);
  });

  it('use addresses that exist', () => {
    const { paths } = z
      .object({ paths: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync(join(ROOT, 'docs', 'openapi.json'), 'utf8')));
    const asked = lines.flatMap(({ line }) =>
      [...line.matchAll(/https:\/\/app\.example\.com\/sso(\/\S*)/g)].map(([, path]) => path),
    );
    expect(asked.length).toBeGreaterThan(1);
    for (const path of asked) expect(paths).toHaveProperty([path ?? '']);
  });

  it('read tables that are CSV with known columns', () => {
    for (const { text } of blocks('csv bindings')) {
      const rows = z.array(z.record(z.string(), z.string().min(1))).parse(parseCsv(text, { columns: true }));
      const columns = Object.keys(rows[0] ?? {});
      for (const column of columns) expect(help('bind')).toContain(column);
    }
  });
});

describe('Answers of a running gateway', () => {
  let nocobase: TestNocoBase;
  let testCase: SignInCase;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    testCase = await SignInCase.start({ ...nocobase.environment, METRICS_ENABLED: 'true' });
  }, 120_000);

  afterAll(async () => {
    await testCase?.close();
    await nocobase?.stop();
  });

  const answers = blocks('json answer').map((block) => {
    const [, path = '', without] = /^json answer GET (\S+)(?: without (\w+))?$/.exec(block.info) ?? [];
    return [title(block), { path, without, expected: JSON.parse(block.text) as Record<string, unknown> }] as const;
  });

  // First: Nest has one logger for the whole process, that of the application created last.
  it('include a log line of a sign-in that has these parts', async () => {
    await nocobase.addUser({ nickname: '李雷', phone: '13800000001', roles: ['member'] });
    await testCase.signIn('li-lei');
    const line = testCase.gateway.log.find(({ event, outcome }) => event === 'sign_in' && outcome === 'success');
    for (const block of blocks('json log')) {
      const expected = JSON.parse(block.text) as Record<string, unknown>;
      expect(Object.keys(expected).toSorted()).toEqual(
        Object.keys(line ?? {})
          .filter((key) => key !== 'context')
          .toSorted(),
      );
      expect(expected['route']).toBe(line?.['route']);
    }
  });

  it.each(answers)('%s are as written', async (_name, { path, without, expected }) => {
    const gateway =
      without === undefined
        ? testCase
        : await SignInCase.start({ ...nocobase.environment, NOCOBASE_URL: 'http://127.0.0.1:1' });
    try {
      const response = await fetch(gateway.gateway.url + path, { headers: { accept: 'application/json' } });
      const said = (await response.json()) as Record<string, unknown>;
      // Different each time.
      if ('requestId' in expected) expected['requestId'] = said['requestId'];
      expect(said).toEqual(expected);
    } finally {
      if (gateway !== testCase) await gateway.close();
    }
  });

  it('show that a key ends with the user that it belongs to, as the chapter on rotation says', async () => {
    const password = 'a-password-of-the-test';
    const id = await nocobase.addUser({ nickname: 'keys', username: 'keys', roles: ['admin'] });
    await nocobase.call('POST', `users:update?filterByTk=${id}`, { password });
    // NocoBase refuses tokens of the very second in which a password was changed.
    await new Promise((done) => setTimeout(done, 1100));
    const session = await nocobase.call<{ token: string }>(
      'POST',
      'auth:signIn',
      { account: 'keys', password },
      { authorization: '', 'x-authenticator': 'basic' },
    );
    const made = await nocobase.call<{ token: string }>(
      'POST',
      'apiKeys:create',
      { name: 'k', role: { name: 'admin' }, expiresIn: '90d' },
      { authorization: `Bearer ${session.token}` },
    );
    const use = async (): Promise<number> =>
      (await fetch(`${nocobase.url}/api/users:list`, { headers: { authorization: `Bearer ${made.token}` } })).status;
    expect(await use()).toBe(200);
    await nocobase.call('POST', `users:destroy?filterByTk=${id}`);
    expect(await use()).toBe(401);
  });
});
