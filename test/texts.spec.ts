import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readImports } from '../bench/picture/imports.js';
import { HELP, OF_COMMANDER } from '../src/cli/help-texts.js';
import { run } from '../src/cli/index.js';
import { TEXTS as COMMANDS } from '../src/cli/texts.js';
import { OUTCOMES, TEXTS as PROVISION } from '../src/cli/provision/texts.js';
// Loads every section of variables.
import '../src/settings.js';
import { declaredSections } from '../src/core/settings/index.js';
import type { Text } from '../src/core/texts/index.js';

const ROOT = join(__dirname, '..');
const HAN = /\p{Script=Han}/u;

const isText = (value: unknown): value is Text =>
  typeof value === 'object' && value !== null && 'en' in value && 'zh' in value;

/** Of an entry of a table, with names for what is filled in. */
function filledIn(entry: Text | ((...values: never[]) => Text)): { said: Text; values: readonly string[] } {
  if (isText(entry)) return { said: entry, values: [] };
  // What another text is filled with is a text; the others take anything.
  const values = Array.from({ length: entry.length }, (_, at) => `<${at}>`);
  const arguments_ = values.map((value) => Object.assign(Object(value) as object, { en: value, zh: value }));
  return { said: entry(...(arguments_ as never[])), values };
}

const TABLES: Readonly<Record<string, Readonly<Record<string, Text | ((...values: never[]) => Text)>>>> = {
  'src/cli/texts.ts': COMMANDS,
  'src/cli/help-texts.ts': { ...HELP, ...Object.fromEntries(OF_COMMANDER.map((said) => [said.en, said])) },
  'src/cli/provision/texts.ts': { ...PROVISION, ...OUTCOMES },
};

describe('What people read', () => {
  it.each(
    Object.entries(TABLES).flatMap(([file, table]) =>
      Object.entries(table).map(([key, entry]) => [file, key, filledIn(entry)] as const),
    ),
  )('stands in %s in English and in Chinese, with the same parts: %s', (_file, _key, { said: { en, zh }, values }) => {
    expect(en).not.toMatch(HAN);
    // A sentence is in Chinese; what only puts parts together has signs of its own.
    expect(zh).toMatch(/[\p{Script=Han}、：]/u);
    for (const value of values) expect([en.includes(value), zh.includes(value)]).toEqual([true, true]);
    expect(zh.split('{}').length).toBe(en.split('{}').length);
  });

  it('is said in both languages by every rule of every variable', () => {
    const said = declaredSections().flatMap(({ settings, crossRules }) => [
      ...Object.values(settings).flatMap(({ required, unreadable, rules }) => [
        ...(required === undefined ? [] : [required]),
        unreadable,
        ...rules.map((rule) => rule.said),
      ]),
      ...crossRules.map((rule) => rule.said),
    ]);
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter(({ zh }) => !HAN.test(zh)).map(({ en }) => en)).toEqual([]);
    const names = ({ en, zh }: Text): string[][] =>
      [en, zh].map((sentence) => (sentence.match(/\{[a-z]\w*\}/g) ?? []).toSorted());
    expect(said.map(names).filter(([en, zh]) => en?.join() !== zh?.join())).toEqual([]);
  });

  it('is written nowhere else in the commands', () => {
    const { files } = readImports(ROOT, ['src']);
    const spoken = files.filter((file) => file.startsWith('src/cli/') && !TABLES[file]);
    expect(spoken.length).toBeGreaterThan(10);
    expect(spoken.flatMap((file) => straysIn(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it('would be found there', () => {
    const found = (code: string): number => straysIn('src/cli/x.ts', code).length;
    expect(found("io.out('Hello.')")).toBe(1);
    expect(found('io.err(`${count} people\\n`)')).toBe(1);
    expect(found("new UsageError('Give a name.')")).toBe(1);
    expect(found("await io.ask('Name: ')")).toBe(1);
    expect(found("program.option('--x', 'what it is for')")).toBe(1);
    expect(found('io.out(`${one}: ${other}\\n`); io.err(TEXTS.nobody[io.lang])')).toBe(0);
  });
});

/** Functions that speak to people, with the first of their arguments that is a sentence. */
const SPEAKERS = new Map(
  Object.entries({
    out: 0,
    err: 0,
    ask: 0,
    paint: 0,
    description: 0,
    UsageError: 0,
    EnvFileError: 0,
    option: 1,
    argument: 1,
    Option: 1,
    addHelpText: 1,
  }),
);

/** Words that are written where somebody is spoken to. */
function straysIn(file: string, code: string): string[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const words = (node: ts.Node): void => {
    const isLiteral =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isLiteral && isSentence(node.text) && !isLookedUp(node)) found.push(`${file}: ${node.text}`);
    // What another function is given is that function's business, and examples are commands.
    if (!ts.isCallExpression(node)) node.forEachChild(words);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      const first = SPEAKERS.get(name);
      if (first !== undefined) node.arguments?.slice(first).forEach(words);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** Not the name of a variable, an option or an encoding. */
function isSentence(words: string): boolean {
  return /\p{L}{2}/u.test(words) && /[\s.!?:]|\p{Script=Han}/u.test(words);
}

/** `'id' in person`, `status === 'ok'`: compared, not said. */
function isLookedUp({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) || ts.isElementAccessExpression(parent);
}

describe('A command', () => {
  const say = async (args: readonly string[], environment: Record<string, string> = {}) => {
    let [out, err] = ['', ''];
    const io = {
      environment,
      out: (text: string) => void (out += text),
      err: (text: string) => void (err += text),
      colours: false,
      ask: async () => '',
    };
    return { code: await run(args, io), out, err };
  };

  it.each([
    [['check', '--lang', 'zh'], {}],
    [['--lang=zh', 'check'], { LANG: 'en_US.UTF-8' }],
    [['check'], { LANG: 'zh_CN.UTF-8' }],
    [['check'], { LC_ALL: 'zh_TW.UTF-8', LANG: 'en_US.UTF-8' }],
    [['start'], { LANG: 'zh_CN.UTF-8' }],
    [['--lang', 'zh'], {}],
  ] as const)('speaks Chinese where it is asked to: %j, %j', async (args, environment) => {
    const { code, out, err } = await say(args, environment);
    expect([code, out + err]).toEqual([1, expect.stringContaining('PUBLIC_URL 必填：浏览器访问网关所用的地址')]);
  });

  it.each([
    [['check'], {}],
    [['check'], { LANG: 'C.UTF-8' }],
    [['check', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' }],
    [['check', '--lang', 'zh', '--lang', 'en'], {}],
  ] as const)('speaks English otherwise: %j, %j', async (args, environment) => {
    expect((await say(args, environment)).out).toContain("PUBLIC_URL is required: the gateway's address");
  });

  it.each(['start', 'check', 'doctor', 'provision', 'bind', 'unbind', 'bindings'])(
    'explains itself in both languages, and takes --lang: %s',
    async (command) => {
      const [en, zh] = [await say([command, '--help']), await say([command, '--help', '--lang', 'zh'])];
      expect([en.code, zh.code]).toEqual([0, 0]);
      expect(en.out).toContain('--lang <language>');
      expect(en.out).not.toMatch(HAN);
      expect(zh.out).toMatch(/^用法：.*选项：\n/ms);
      // Flags, names and addresses; no sentence.
      const english = zh.out.split('\n').filter((line) => !HAN.test(line) && /[a-z]+ [a-z]+ [a-z]+/i.test(line));
      expect(english.filter((line) => !line.includes('nocobase-dingtalk-gateway'))).toEqual([]);
    },
  );

  it.each([
    [['doctor', '--lang', 'fr'], '“--lang <language>”的值“fr”无效'],
    [['nonsense'], '错误：没有命令“nonsense”'],
    [['check', '--nonsense'], '错误：没有选项“--nonsense”'],
    [['unbind'], '错误：缺少参数“unionId”'],
    [['provision', '--name'], '错误：选项“--name <name>”缺少值'],
    [['bindings', '--csv', '--json'], '不能与'],
    [['start', 'now'], '的参数过多'],
    [['bindings', '--jsno'], '（是否指 --json？）'],
    [['unbind', 'x', '--user-id', 'y'], '--user-id 必须是整数。'],
    [['bind', '--file', '/nowhere'], '无法读取 CSV 文件。'],
  ])('is corrected in Chinese, too: %j', async (args, said) => {
    const { code, out, err } = await say(args, { LANG: 'zh_CN.UTF-8' });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    expect(err).not.toMatch(/error:|Did you mean|shows how/);
  });
});
