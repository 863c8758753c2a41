import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImports } from '../bench/picture/imports.js';
import * as auth from '../src/auth/texts.js';
import * as authenticators from '../src/authenticators/texts.js';
import * as config from '../src/config/texts.js';
import * as help from '../src/cli/help-texts.js';
import { run } from '../src/cli/index.js';
import * as provision from '../src/cli/provision/texts.js';
import * as commands from '../src/cli/texts.js';
import { inWordsOfVariables, ok } from '../src/core/doctor/index.js';
import * as accountsShared from '../src/core/doctor/texts/accounts.js';
import * as addresses from '../src/core/doctor/texts/addresses.js';
import * as clock from '../src/core/doctor/texts/clock.js';
import * as dingtalk from '../src/core/doctor/texts/dingtalk.js';
import * as leaversShared from '../src/core/doctor/texts/leavers.js';
import * as names from '../src/core/doctor/texts/names.js';
import * as nocobaseShared from '../src/core/doctor/texts/nocobase.js';
import * as reportShared from '../src/core/doctor/texts/report.js';
import * as secrets from '../src/core/doctor/texts/secrets.js';
import * as accounts from '../src/doctor/texts/accounts.js';
import * as clocks from '../src/doctor/texts/clocks.js';
import * as gateway from '../src/doctor/texts/gateway.js';
import * as leavers from '../src/doctor/texts/leavers.js';
import * as nocobase from '../src/doctor/texts/nocobase.js';
import * as plugin from '../src/doctor/texts/plugin.js';
import * as publicAddresses from '../src/doctor/texts/public-addresses.js';
import * as report from '../src/doctor/texts/report.js';
// Loads every section of variables.
import '../src/settings.js';
import { ERROR_TEXTS } from '../src/core/errors/error-texts.js';
import { declaredSections } from '../src/core/settings/index.js';
import * as settingTexts from '../src/core/settings/texts.js';
import { DETAIL, LOG, SETTING, type Text, verbatim } from '../src/core/texts/index.js';
import { MESSAGES } from '../src/web/pages/messages.js';
import * as pluginDoctor from '../nocobase-plugin/src/server/doctor/texts.js';
import * as pluginServer from '../nocobase-plugin/src/server/texts.js';
import { sentencesIn, straysIn } from './support/strays.js';

const ROOT = join(__dirname, '..');
const HAN = /\p{Script=Han}/u;

/** The tables of texts, by file. */
const TABLES: Readonly<Record<string, object>> = {
  'nocobase-plugin/src/server/doctor/texts.ts': pluginDoctor,
  'nocobase-plugin/src/server/texts.ts': pluginServer,
  'src/auth/texts.ts': auth,
  'src/authenticators/texts.ts': {
    NOTICES: authenticators.NOTICES,
    SOURCE: authenticators.SOURCE,
    FILE: authenticators.FILE,
    FORM: authenticators.FORM,
  },
  'src/cli/texts.ts': commands,
  'src/cli/help-texts.ts': help,
  'src/cli/provision/texts.ts': provision,
  'src/core/doctor/texts/accounts.ts': accountsShared,
  'src/core/doctor/texts/addresses.ts': addresses,
  'src/core/doctor/texts/clock.ts': clock,
  'src/core/doctor/texts/dingtalk.ts': dingtalk,
  'src/core/doctor/texts/leavers.ts': leaversShared,
  'src/core/doctor/texts/names.ts': names,
  'src/core/doctor/texts/nocobase.ts': nocobaseShared,
  'src/core/doctor/texts/report.ts': reportShared,
  'src/core/doctor/texts/secrets.ts': secrets,
  'src/core/errors/error-texts.ts': paired(ERROR_TEXTS.en, ERROR_TEXTS.zh),
  'src/config/texts.ts': config,
  'src/core/settings/texts.ts': settingTexts,
  'src/core/texts/of-details.ts': { DETAIL, SETTING },
  'src/core/texts/of-logs.ts': LOG,
  'src/doctor/texts/accounts.ts': accounts,
  'src/doctor/texts/clocks.ts': clocks,
  'src/doctor/texts/gateway.ts': gateway,
  'src/doctor/texts/leavers.ts': leavers,
  'src/doctor/texts/nocobase.ts': nocobase,
  'src/doctor/texts/plugin.ts': plugin,
  'src/doctor/texts/public-addresses.ts': publicAddresses,
  'src/doctor/texts/report.ts': report,
  'src/web/pages/messages.ts': paired({ ...MESSAGES.en, lang: {} }, { ...MESSAGES.zh, lang: {} }),
};

/** Rules of settings, whose messages are tested below. */
const OF_SETTINGS =
  /^src\/(?:config\/(?:\w+\.config|file-problem|secret-file)|core\/settings|core\/texts\/of-variables)/;
const LOCALE = 'nocobase-plugin/src/locale/en-US.json';

type Entry = Text | ((...values: never[]) => Text);

const isText = (value: unknown): value is Text =>
  typeof value === 'object' && value !== null && 'en' in value && 'zh' in value;

/** The entries of a table, including nested ones. */
function entriesOf(table: object, path: readonly string[] = []): [key: string, entry: Entry][] {
  return Object.entries(table).flatMap(([key, value]): [string, Entry][] => {
    const here = [...path, key];
    return isText(value) || typeof value === 'function'
      ? [[here.join('.'), value as Entry]]
      : entriesOf(value as object, here);
  });
}

/** Pairs tables of two languages by key. What only one language has is undefined in the other. */
function paired(en: object, zh: object): object {
  const keys = new Set([...Object.keys(en), ...Object.keys(zh)]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const [ours, theirs] = [Reflect.get(en, key) as unknown, Reflect.get(zh, key) as unknown];
      if (typeof ours === 'object' && typeof theirs === 'object') return [key, paired(ours ?? {}, theirs ?? {})];
      if (typeof ours !== 'function') return [key, { en: ours, zh: theirs }];
      const [inEnglish, inChinese] = [ours, theirs] as ((value: string) => string)[];
      return [key, (value: string) => ({ en: inEnglish?.(value), zh: inChinese?.(value) })];
    }),
  );
}

/** An entry of a table, with names for its parameters. */
function filledIn(entry: Entry): { said: Text; values: readonly string[] } {
  if (isText(entry)) return { said: entry, values: [] };
  // A parameter may be a text itself; others accept anything.
  const values = Array.from({ length: entry.length }, (_, at) => `<${at}>`);
  const arguments_ = values.map((value) => Object.assign(Object(value) as object, { en: value, zh: value }));
  return { said: entry(...(arguments_ as never[])), values };
}

const ENTRIES = Object.entries(TABLES).flatMap(([file, table]) =>
  entriesOf(table).map(([key, entry]) => [file, key, entry] as const),
);

/** The settings that a text names. */
const placeholdersIn = (sentence: string): string[] => (sentence.match(/\{[a-z][\w.]*\}/g) ?? []).toSorted();

describe('A text that people read', () => {
  it.each(ENTRIES)('is in %s in English and in Chinese, with the same parts: %s', (_file, _key, entry) => {
    const {
      said: { en, zh },
      values,
    } = filledIn(entry);
    expect(en).not.toMatch(HAN);
    // A sentence is in Chinese; a text that only joins parts has Chinese punctuation.
    expect(zh).toMatch(/[\p{Script=Han}、：，（…]/u);
    for (const value of values) expect([en.includes(value), zh.includes(value)]).toEqual([true, true]);
    expect(zh.split('{}').length).toBe(en.split('{}').length);
    expect(placeholdersIn(zh)).toEqual(placeholdersIn(en));
  });

  it('is in one place only', () => {
    const files = Object.keys(TABLES);
    const said = files.flatMap((file) => sentencesIn(file, readFileSync(join(ROOT, file), 'utf8')));
    const form = JSON.parse(readFileSync(join(ROOT, LOCALE), 'utf8')) as Record<string, string>;
    const all = [...said, ...Object.values(form)].filter(
      (sentence) => sentence.split(/\s+/).length > 4 && !HAN.test(sentence),
    );
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter((sentence, at) => all.indexOf(sentence) !== at)).toEqual([]);
  });

  it('exists in both languages for every rule of every variable', () => {
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
    for (const { en, zh } of said) expect(placeholdersIn(zh)).toEqual(placeholdersIn(en));
  });

  it.each(ENTRIES.filter(([file]) => /\bdoctor\//.test(file)))(
    'names, in %s, settings by their placeholders: %s',
    (_file, _key, entry) => {
      const { en } = filledIn(entry).said;
      const shown = inWordsOfVariables({ id: '', title: verbatim(''), ...ok(verbatim(en)) }).detail.en;
      expect(placeholdersIn(shown)).toEqual([]);
      expect(en).not.toMatch(/\b(?:DINGTALK|NOCOBASE)_[A-Z]/);
    },
  );

  it.each(['src', 'nocobase-plugin/src'])('is written nowhere else in %s', (folder) => {
    const { files } = readImports(ROOT, [folder]);
    const spoken = files.filter((file) => TABLES[file] === undefined && !OF_SETTINGS.test(file));
    expect(spoken.length).toBeGreaterThan(50);
    expect(spoken.flatMap((file) => straysIn(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it.each([
    ["io.out('Hello.')"],
    ['io.err(`${count} people\\n`)'],
    ["new UsageError('Give a name.')"],
    ["await io.ask('Name: ')"],
    ["throw new InvalidStateError('the state was used before')"],
    ['throw new UpstreamResponseError(call, `not JSON (HTTP ${status})`)'],
    ["class StaleError extends GatewayError { constructor() { super('x', { detail: 'too old' }); } }"],
    ["program.option('--x', 'what it is for')"],
    ["failed(text('It is not there.', ''), fix)"],
    ["const said = { en: 'no', zh: '无' };"],
    ["this.logger.warn('this is not right')"],
    ["context.log.error({ event: 'x', notice: `${name} is not right` })"],
    ['const page = <p>Hello</p>;'],
    ['const page = <Alert message="Hello" />;'],
    ["const page = <Alert title={isWell ? t('Hello') : 'Bye'} />;"],
  ])('is detected in code: %s', (code) => {
    expect(straysIn('src/x.tsx', code)).toHaveLength(1);
  });

  it.each([
    ['io.out(`${one}: ${other}\\n`); io.err(TEXTS.nobody[io.lang])'],
    ['failed(REDIS.doesNotWork(code), REDIS.lookAtAddress)'],
    ["this.logger.warn({ event: 'sign_in', outcome: 'failure' })"],
    ["throw new InvalidStateError(DETAIL.auth.stateUsed.en); throw new TypeError('an empty value')"],
    ["class StaleError extends GatewayError { constructor(detail: string) { super('invalid_state', { detail }); } }"],
    ["const page = <Alert title={t('Hello')}>{t('Good day')}</Alert>;"],
    ["const size = <Alert size='small' description={kind === 'none' ? undefined : t('Hello')} />;"],
  ])('is not confused with what programs read: %s', (code) => {
    expect(straysIn('src/x.tsx', code)).toEqual([]);
  });
});

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
  ] as const)('answers in Chinese on request: %j, %j', async (args, environment) => {
    const { code, out, err } = await say(args, environment);
    expect([code, out + err]).toEqual([1, expect.stringContaining('PUBLIC_URL 必填：浏览器访问网关所用的地址')]);
  });

  it.each([
    [['check'], {}],
    [['check'], { LANG: 'C.UTF-8' }],
    [['check', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' }],
    [['check', '--lang', 'zh', '--lang', 'en'], {}],
  ] as const)('answers in English otherwise: %j, %j', async (args, environment) => {
    expect((await say(args, environment)).out).toContain("PUBLIC_URL is required: the gateway's address");
  });

  it.each(['start', 'check', 'doctor', 'provision', 'bind', 'unbind', 'bindings', 'leavers'])(
    'explains itself in both languages, and accepts --lang: %s',
    async (command) => {
      const [en, zh] = [await say([command, '--help']), await say([command, '--help', '--lang', 'zh'])];
      expect([en.code, zh.code]).toEqual([0, 0]);
      expect(en.out).toContain('--lang <language>');
      expect(en.out).not.toMatch(HAN);
      expect(zh.out).toMatch(/^用法：.*选项：\n/ms);
      // Flags, names and addresses, but no sentence.
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
  ])('reports usage errors in Chinese, too: %j', async (args, said) => {
    const { code, out, err } = await say(args, { LANG: 'zh_CN.UTF-8' });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    expect(err).not.toMatch(/error:|Did you mean|shows how/);
  });
});
