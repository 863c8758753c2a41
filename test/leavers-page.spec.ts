import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { ORIGINS, UNCLEAR } from '../src/core/leavers/index.js';

/** The plugin's sources have their own types, which this project does not see. */
const SOURCES = '../nocobase-plugin/src';
type Rows = { authenticators: unknown[] };
const server = jest.requireActual<{
  REPORT_KINDS: readonly string[];
  leaverStatus: z.ZodType<Rows>;
  lockLine: z.ZodType<object>;
  reportLine: z.ZodObject<{ kind: z.ZodEnum }>;
  askAnswer: z.ZodObject<{ answers: z.ZodArray<z.ZodObject<{ answer: z.ZodEnum }>> }>;
  listQuery: z.ZodType<object>;
  listAnswer: (line: z.ZodType) => z.ZodType;
  ofUser: z.ZodType;
  ofAuthenticator: z.ZodType;
}>(`${SOURCES}/server/leavers/admin-api.js`);

type Answer = { isThere: boolean; value?: unknown; why?: string };
type Call = (app: object, ...rest: unknown[]) => Promise<Answer>;
const calls = jest.requireActual<
  Record<'fetchStatus' | 'fetchLocks' | 'fetchReports' | 'lock' | 'unlock' | 'ask' | 'goOn', Call> & {
    PAGE_SIZE: number;
  }
>(`${SOURCES}/client-shared/leavers/calls.js`);
const words = jest.requireActual<Record<string, Readonly<Record<string, string>>>>(
  `${SOURCES}/client-shared/leavers/words.js`,
);
type T = (text: string) => string;
type Clock = (moment: number) => string;
const sentences = jest.requireActual<{
  statusLines(status: object, t: T, clock: Clock): readonly string[];
  troubleLines(trouble: object, t: T, clock: Clock): readonly string[];
  whyLocked(line: object, t: T): readonly string[];
  whatWasReported(line: object, t: T): readonly string[];
  whenReported(line: object, t: T, clock: Clock): readonly string[];
  evidenceLines(evidence: object | null, t: T, clock: Clock): readonly string[];
  answerLines(answers: readonly object[], t: T): readonly string[];
  userIdIn(typed: string): number | undefined;
}>(`${SOURCES}/client-shared/leavers/sentences.js`);

const LANGUAGES = ['en-US', 'zh-CN'] as const;
const locale = (language: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(__dirname, `../nocobase-plugin/src/locale/${language}.json`), 'utf8')) as Record<
    string,
    string
  >;
/** Throws if a sentence is missing. */
function speaking(language: string): T {
  const texts = locale(language);
  return (text) => {
    const said = texts[text];
    if (said === undefined) throw new Error(`${language} lacks: ${text}`);
    return said;
  };
}
const clock: Clock = (moment) => `<${moment}>`;

const EVIDENCE = {
  code: 60121,
  userid: 'E10382',
  askedAt: 1_790_000_000_000,
  requestId: '15r6h7w1yxk2s',
  witness: { userid: 'E10001', askedAt: 1_790_000_001_000 },
  record: { leftAt: 1_789_990_000_000, reason: 'delete' },
};
const TROUBLE = {
  what: 'members',
  why: 'no_permission',
  detail: '60011',
  permission: 'qyapi_get_member',
  grantAt: 'https://open-dev.dingtalk.com/',
  since: 1_790_000_000_000,
};
const STATUS = {
  name: 'dingtalk',
  title: 'DingTalk',
  enabled: true,
  by: 'nocobase',
  mode: 'lock',
  events: 'stream',
  stream: 'connected',
  troubles: [TROUBLE],
  nightEndedAt: 1_790_000_000_000,
  progress: { done: 3, of: 9 },
  paused: 12,
  bound: 240,
  withUserid: 231,
};
const LOCK = {
  id: 7,
  userId: 12,
  nickname: 'Li Lei',
  origin: 'ours',
  source: 'event',
  authenticator: 'dingtalk',
  evidence: EVIDENCE,
  at: 1_790_000_002_000,
  byUserId: null,
  byNickname: null,
};
const REPORT = {
  id: 8,
  userId: 12,
  nickname: null,
  kind: 'unclear',
  why: 'no_witness',
  detail: null,
  source: 'night',
  authenticator: 'dingtalk',
  evidence: null,
  since: 1_789_900_000_000,
  at: 1_790_000_002_000,
  byUserId: 1,
  byNickname: 'Admin',
};

/** NocoBase's client, with this answer. */
class App {
  readonly asked: { url: string; method: string; params?: object; data?: object }[] = [];
  readonly apiClient = {
    request: async (request: App['asked'][number]): Promise<{ data: unknown }> => {
      this.asked.push(request);
      if (this.answer instanceof Error) throw this.answer;
      return { data: this.answer };
    },
  };

  constructor(private readonly answer: unknown) {}
}
const saying = (data: unknown): App => new App({ data });

describe('The requests of the page of people who left', () => {
  it('are accepted by the server', async () => {
    const app = saying({});
    await calls.fetchLocks(app, { page: 2, search: 'Lei' });
    await calls.fetchReports(app, { page: 1, search: '' });
    await calls.lock(app, 12);
    await calls.unlock(app, 12);
    await calls.ask(app, 12);
    await calls.goOn(app, 'dingtalk');
    await calls.fetchStatus(app);
    expect(app.asked.map(({ url, method }) => `${method} ${url}`)).toEqual([
      'get dingtalkLeavers:list',
      'get dingtalkLeavers:list',
      'post dingtalkLeavers:lock',
      'post dingtalkLeavers:unlock',
      'post dingtalkLeavers:ask',
      'post dingtalkLeavers:goOn',
      'get dingtalkLeavers:status',
    ]);
    expect(server.listQuery.parse(app.asked[0]?.params)).toEqual({
      kind: 'locks',
      page: 2,
      pageSize: calls.PAGE_SIZE,
      search: 'Lei',
    });
    expect(server.listQuery.parse(app.asked[1]?.params)).toMatchObject({ kind: 'reports', search: '' });
    for (const { data } of app.asked.slice(2, 5)) expect(server.ofUser.parse(data)).toEqual({ userId: 12 });
    expect(server.ofAuthenticator.parse(app.asked[5]?.data)).toEqual({ authenticator: 'dingtalk' });
  });
});

describe("The server's answers", () => {
  it('are read as they were sent', async () => {
    const status = { authenticators: [STATUS], locked: 3 };
    expect(server.leaverStatus.parse(status)).toEqual(status);
    expect(await calls.fetchStatus(saying(status))).toEqual({ isThere: true, value: status });

    for (const [line, shape, fetch] of [
      [LOCK, server.lockLine, calls.fetchLocks],
      [REPORT, server.reportLine, calls.fetchReports],
    ] as const) {
      const said = { lines: [line], total: 41, page: 1, pageSize: 20 };
      expect(server.listAnswer(shape).parse(said)).toEqual(said);
      const answer = await fetch(saying(said), { page: 1, search: '' });
      expect(answer).toEqual({ isThere: true, value: { lines: [line], total: 41 } });
    }

    const answers = [
      { authenticator: 'dingtalk', answer: 'unclear', why: 'no_witness', detail: '60121' },
      { authenticator: 'branch', answer: 'here', why: null, detail: null },
    ];
    expect(server.askAnswer.parse({ answers })).toEqual({ answers });
    expect(await calls.ask(saying({ answers }), 12)).toEqual({ isThere: true, value: answers });
    expect(await calls.goOn(saying({ count: 12 }), 'dingtalk')).toEqual({ isThere: true, value: 12 });
    for (const outcome of ['locked', 'already'])
      expect(await calls.lock(saying({ outcome }), 12)).toEqual({ isThere: true, value: outcome });
    for (const outcome of ['unlocked', 'was_not_locked'])
      expect(await calls.unlock(saying({ outcome }), 12)).toEqual({ isThere: true, value: outcome });
  });

  it('have words for each of their codes', () => {
    const keys = (table: string): string[] => Object.keys(words[table] ?? {}).toSorted();
    expect(keys('REPORTS')).toEqual([...server.REPORT_KINDS].toSorted());
    expect(keys('REPORTS')).toEqual(server.reportLine.shape.kind.options.map(String).toSorted());
    expect(keys('ANSWERS')).toEqual(server.askAnswer.shape.answers.element.shape.answer.options.map(String).toSorted());
    expect(keys('REASONS')).toEqual([...UNCLEAR].toSorted());
    expect(keys('SOURCES')).toEqual([...ORIGINS].toSorted());
  });

  it('are shown without codes of a newer server that are unknown here', async () => {
    const lines = [LOCK, { ...LOCK, origin: 'by_moonlight' }, 'a line', null];
    const { value } = await calls.fetchLocks(saying({ lines, total: 4 }), { page: 1, search: '' });
    expect(value).toEqual({ lines: [LOCK], total: 4 });
    const status = { authenticators: [{ ...STATUS, troubles: [{ ...TROUBLE, why: 'new' }] }, { name: 1 }], locked: 0 };
    expect((await calls.fetchStatus(saying(status))).value).toMatchObject({
      authenticators: [{ name: 'dingtalk', troubles: [] }],
    });
  });

  it.each([
    ['an error in words', failing({ errors: [{ message: 'No permissions' }] }), 'No permissions'],
    ['an error without any', failing('<html>'), ''],
    ['nothing', new App(''), ''],
    ['something else', saying({ outcome: 'perhaps' }), ''],
  ])('do not include the outcome %s', async (_name, app, why) => {
    expect(await calls.unlock(app, 12)).toEqual({ isThere: false, why });
  });
});

function failing(data: unknown): App {
  return new App(Object.assign(new Error('failed'), { response: { data } }));
}

describe.each(LANGUAGES)('The sentences of the page (%s)', (language) => {
  const t = speaking(language);

  it('exist for every code', () => {
    const { LISTS: lists, ...tables } = words;
    const texts = [...Object.values(tables), ...Object.values(lists ?? {})]
      .flatMap((table) => Object.values(table))
      .flat();
    expect(texts.length).toBeGreaterThan(50);
    for (const text of texts) expect(t(text)).not.toBe('');
  });

  it('have every placeholder filled in', () => {
    const said = [
      ...sentences.statusLines(STATUS, t, clock),
      ...sentences.troubleLines(TROUBLE, t, clock),
      ...sentences.whyLocked({ ...LOCK, byUserId: 1, byNickname: 'Admin' }, t),
      ...sentences.whatWasReported(REPORT, t),
      ...sentences.whenReported(REPORT, t, clock),
      ...sentences.evidenceLines(EVIDENCE, t, clock),
      ...sentences.answerLines([{ authenticator: 'x/y', answer: 'unclear', why: 'no_witness', detail: 'd' }], t),
    ].join('\n');
    expect(said).not.toMatch(/[{}]|undefined|null/);
    for (const fact of ['231', '3', '9', 'qyapi_get_member', '60121', 'E10382', 'E10001', '15r6h7w1yxk2s', 'Admin (1)'])
      expect(said).toContain(fact);
  });
});

describe('A report', () => {
  const told = (since: number, at: number) => sentences.whenReported({ since, at }, speaking('en-US'), clock);

  it('shows its latest time, and the first one if it was repeated', () => {
    expect(told(5, 5)).toEqual(['<5>']);
    expect(told(5, 9)).toEqual(['<9>', 'First on <5>']);
  });
});

describe('The status of an authenticator', () => {
  const t = speaking('en-US');
  const lines = (changes: object): string => sentences.statusLines({ ...STATUS, ...changes }, t, clock).join('\n');

  it('shows nothing else if the watch is off', () => {
    expect(lines({ mode: 'off' })).toBe('When someone leaves the organization: Do nothing');
    const inChinese = sentences.statusLines({ ...STATUS, mode: 'off' }, speaking('zh-CN'), clock);
    expect(inChinese).toEqual(['有人离开组织时：不处理']);
  });

  it('mentions a connection only if events arrive by one', () => {
    expect(lines({})).toContain('Stream push. Connected');
    expect(lines({ stream: 'disconnected' })).toContain('Not connected');
    expect(lines({ events: 'push', stream: 'none' })).not.toContain('connected');
  });

  it('shows when everyone was last checked, or the progress', () => {
    expect(lines({})).toContain(`Last full check: <${STATUS.nightEndedAt}>`);
    expect(lines({})).toContain('3 of 9');
    const before = lines({ nightEndedAt: null, progress: null });
    expect(before).toContain('The first full check has not been completed');
    expect(before).not.toContain(' of 9');
  });
});

describe('The typed id of a user', () => {
  it.each([
    ['12', 12],
    [' 368019827777536 ', 368_019_827_777_536],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['Li Lei', undefined],
    ['', undefined],
    ['9007199254740993', undefined],
  ])('turns %j into %j', (typed, id) => {
    expect(sentences.userIdIn(typed)).toBe(id);
  });
});
