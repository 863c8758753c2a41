import { randomBytes } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import { HttpException, Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import * as fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import {
  ERROR_STATUS,
  type ErrorCode,
  GatewayError,
  type GatewayErrorOptions,
  MisconfiguredError,
  NotFoundError,
} from '../../core/errors/index.js';
import type { ReturnPath } from '../../core/return-path/index.js';
import { errorPage } from './error.page.js';
import { GatewayErrorFilter } from './gateway-error.filter.js';
import type { GatewayRequest } from './gateway-request.js';
import { handOffPage, type HandOffPage } from './hand-off.page.js';
import { html } from './html.js';
import { type Locale, preferredLocale, prefersJson } from './locale.js';
import { MESSAGES } from './messages.js';
import { requestContext } from './request-context.js';
import { Responder } from './responder.js';
import { signInPage } from './sign-in.page.js';

const CODES = Object.keys(ERROR_STATUS) as ErrorCode[];
const LOCALES: Locale[] = ['en', 'zh'];
const PUBLIC_URL = 'https://sso.example.com';
const OPTIONS = { publicUrl: PUBLIC_URL, passwordUrl: 'https://app.example.com/signin' };
const CONTEXT = { nonce: 'nonce', publicUrl: PUBLIC_URL };
const HOSTILE = [
  '<script>CANARY()</script>',
  '"><img src=x onerror=CANARY()>',
  `' onmouseover='CANARY()`,
  '</script><script>CANARY()</script>',
  '<!--',
  ']]>',
  '`${CANARY}`',
  '&lt;b&gt;',
  '\u2028\u2029',
];

class TestError extends GatewayError {
  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(code, options);
  }
}

/** Decodes escaped text like a browser. */
function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The elements of a page with their attributes: inserted text must add none. */
function elements(page: string): string[] {
  return [...page.replace(/(<(style|script)[^>]*>)[^]*?<\/\2>/g, '$1').matchAll(/<[a-z!/][^>]*>/gi)].map(
    ([tag]) => tag,
  );
}

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string[]>;
}

/** A responder on an adapter that records its calls. */
function responding(publicUrl = PUBLIC_URL): { responder: Responder; answer: Answer } {
  const answer: Answer = { status: 0, body: '', headers: {} };
  const httpAdapter = {
    setHeader: (_: unknown, name: string, value: string) => (answer.headers[name.toLowerCase()] = [value]),
    appendHeader: (_: unknown, name: string, value: string) => (answer.headers[name.toLowerCase()] ??= []).push(value),
    reply: (_: unknown, body: string, status: number) => Object.assign(answer, { body, status }),
  };
  const host = { httpAdapter } as unknown as HttpAdapterHost;
  return { responder: new Responder(host, { ...OPTIONS, publicUrl }), answer };
}

const request = (headers: GatewayRequest['headers'] = {}): GatewayRequest => ({
  method: 'GET',
  headers,
  query: {},
  params: {},
});

async function answerTo(thrown: unknown, from: GatewayRequest = request()): Promise<Answer> {
  const { responder, answer } = responding();
  const filter = new GatewayErrorFilter(responder, OPTIONS);
  const host = { switchToHttp: () => ({ getRequest: () => from, getResponse: () => ({}) }) };
  await filter.catch(thrown, host as unknown as ArgumentsHost & ExecutionContext);
  return answer;
}

describe('The sign-in page’s notice about the plugin', () => {
  const plugin = { version: '1.2.3', url: `${PUBLIC_URL}/plugin.tgz`, sha256: 'ab'.repeat(32) };
  const page = (setUp?: Parameters<typeof signInPage>[0]['setUp']): string =>
    signInPage({ buttons: [], passwordUrl: '/signin', plugin, setUp }, 'en')(CONTEXT);

  it('is collapsed for people who sign in, and open for the administrator whose NocoBase has no plugin', () => {
    expect(page()).toContain('<details>');
    expect(page({ reason: 'none_enabled', gatewayUrl: PUBLIC_URL })).toContain('<details>');
    expect(page({ reason: 'plugin_missing', gatewayUrl: PUBLIC_URL })).toContain('<details open>');
  });

  it('is missing if there is no plugin to fetch', () => {
    expect(signInPage({ buttons: [], passwordUrl: '/signin' }, 'en')(CONTEXT)).not.toContain('<details');
  });
});

describe('the html template', () => {
  it.each(HOSTILE)('escapes %j, in text and in attributes', (text) => {
    const { text: page } = html`<p title="${text}" lang='${text}'>${text}</p>`;
    expect(elements(page)).toHaveLength(2);
    expect(page).not.toMatch(/<script|<img|<!--/);
    expect(unescape(/^<p title="([^"]*)"/.exec(page)![1]!)).toBe(text);
    expect(unescape(/lang='([^']*)'/.exec(page)![1]!)).toBe(text);
  });

  it('inserts HTML unchanged, lists one after another, numbers as they are, and nothing for undefined', () => {
    const item = (text: string) => html`<li>${text}</li>`;
    expect(html`<ul>${['a', '<b>'].map(item)}</ul>${undefined}${7}${''}`.text).toBe(
      '<ul><li>a</li><li>&#60;b&#62;</li></ul>7',
    );
  });

  it('preserves any text in a browser', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const page = html`<p data-x="${text}"></p>`.text;
        expect(unescape(/^<p data-x="([^"<>]*)"><\/p>$/.exec(page)?.[1] ?? 'broken')).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the words of the pages', () => {
  it('exist for every code in both languages, and differ', () => {
    for (const locale of LOCALES) expect(Object.keys(MESSAGES[locale].errors).toSorted()).toEqual(CODES.toSorted());
    for (const code of CODES) {
      const [english, chinese] = [MESSAGES.en.errors[code], MESSAGES.zh.errors[code]];
      for (const text of [english.title, english.text]) expect(text).toMatch(/^[A-Z][\x20-\x7e…’]+$/);
      for (const text of [chinese.title, chinese.text]) expect(text).toMatch(/\p{Script=Han}/u);
    }
    expect(Object.keys(MESSAGES.zh).toSorted()).toEqual(Object.keys(MESSAGES.en).toSorted());
  });

  it.each([
    ['钉钉', '使用钉钉登录'],
    ['DingTalk (adm)', '使用 DingTalk (adm) 登录'],
    ['分公司 A', '使用分公司 A 登录'],
    ['钉钉（北京）', '使用钉钉（北京）登录'],
  ])('have a space around a name in Chinese text unless it is Chinese: %s', (name, said) => {
    expect(MESSAGES.zh.signInWith(name)).toBe(said);
  });

  it.each(CODES)('show on the page for %s what happened, the code and the request id, in both languages', (code) => {
    for (const locale of LOCALES) {
      const page = errorPage(
        new TestError(code),
        'request-7',
        { tryAgain: '/again', password: '/signin' },
        locale,
      )(CONTEXT);
      const { title, text } = MESSAGES[locale].errors[code];
      const seen = unescape(page);
      for (const words of [title, text, code, 'request-7', MESSAGES[locale].tryAgain, MESSAGES[locale].password]) {
        expect(seen).toContain(words);
      }
      expect(page).toContain(`<html lang="${MESSAGES[locale].lang}">`);
      expect(page).toContain('href="/again"');
    }
  });
});

describe('the language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['zh-TW', 'zh'],
    ['ZH-cn', 'zh'],
    ['en-US,en;q=0.9,zh;q=0.8', 'en'],
    ['en;q=0.5,zh;q=0.9', 'zh'],
    ['de-DE,de;q=0.9', 'en'],
    ['de-DE,de;q=0.9,zh;q=0.1', 'zh'],
    ['zh;q=0', 'en'],
    ['*', 'en'],
    ['<script>', 'en'],
    [';;;,,,', 'en'],
    ['x'.repeat(20_000), 'en'],
    [`zh-CN,${'de;q=0.1,'.repeat(1600)}`, 'zh'],
    // Text after the first thousand characters is not read.
    [`${'de;q=0.1,'.repeat(1600)}zh-CN`, 'en'],
  ])('for Accept-Language %p is %s', (header, expected) => {
    expect(preferredLocale({ headers: header === undefined ? {} : { 'accept-language': header } })).toBe(expected);
  });

  it.each([
    [undefined, false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
    ['*/*', false],
    ['application/json', true],
    ['application/json;q=0.9,text/html;q=0.5', true],
    ['application/json;q=0.5,text/html', false],
    ['application/json, text/plain, */*', true],
    ['image/png', false],
    [`application/json,${'a/b;q=0.1,'.repeat(1400)}`, true],
    [`${'a/b;q=0.1,'.repeat(1400)}application/json`, false],
  ])('is a machine’s for Accept %p: %p', (header, expected) => {
    expect(prefersJson({ headers: header === undefined ? {} : { accept: header } })).toBe(expected);
  });
});

describe('a response', () => {
  it('contains a page whose style and script run only with the nonce of its policy, a new one every time', async () => {
    const nonces = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const { responder, answer } = responding();
      await responder.page(
        {},
        200,
        handOffPage({ location: '/admin', place: 'localStorage', storage: {}, former: FORMER }, 'en'),
      );
      const [policy = ''] = answer.headers['content-security-policy'] ?? [];
      const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy)!;
      expect(Buffer.from(nonce, 'base64').length).toBeGreaterThanOrEqual(16);
      expect(policy).toContain(`style-src 'nonce-${nonce}'`);
      expect(policy).toMatch(/^default-src 'none';/);
      for (const part of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
        expect(policy).toContain(part);
      expect(policy).not.toMatch(/unsafe|https?:|\*|strict-dynamic/);
      const tags = elements(answer.body).filter((tag) => /^<(?:script|style)/.test(tag));
      expect(tags).toEqual([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`]);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(20);
  });

  it('is never cached and sends no referrer, whatever its kind', async () => {
    const kinds: ((responder: Responder) => Promise<void>)[] = [
      (responder) => responder.page({}, 200, signInPage({ buttons: [{ href: '/' }], passwordUrl: '/signin' }, 'en')),
      (responder) => responder.json({}, 200, {}),
      (responder) => responder.redirect({}, 303, 'https://app.example.com/?token=x'),
    ];
    for (const send of kinds) {
      const { responder, answer } = responding();
      await send(responder);
      expect(answer.headers).toMatchObject({
        'cache-control': ['no-store'],
        'referrer-policy': ['no-referrer'],
        'x-content-type-options': ['nosniff'],
        'strict-transport-security': [expect.stringContaining('max-age=')],
      });
    }
    const { responder, answer } = responding('http://localhost:3000');
    await responder.json({}, 200, {});
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  });

  it('redirects with the given status and address, and an empty body', async () => {
    const { responder, answer } = responding();
    await responder.redirect({}, 302, 'https://login.dingtalk.com/x?y=%20');
    expect(answer).toMatchObject({
      status: 302,
      body: '',
      headers: { location: ['https://login.dingtalk.com/x?y=%20'] },
    });
  });

  it('sets several cookies', () => {
    const { responder, answer } = responding();
    responder.setCookie({}, 'a=1');
    responder.setCookie({}, 'b=2');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });
});

const FORMER = { tokenKey: 'NOCOBASE_TOKEN', signOutUrl: 'https://app.example.com/api/auth:signOut', app: 'main' };

describe('every page', () => {
  const pages: [string, (text: string, locale: Locale) => string][] = [
    [
      'the sign-in page',
      (text, locale) =>
        signInPage({ buttons: [{ href: `/x?${text}`, title: text }], passwordUrl: text }, locale)(CONTEXT),
    ],
    [
      'the error page',
      (text, locale) =>
        errorPage(new MisconfiguredError(text, text), text, { tryAgain: text, password: text }, locale)(CONTEXT),
    ],
    [
      'the hand-off page',
      (text, locale) =>
        handOffPage({ location: text, place: text, storage: { [text]: text }, former: FORMER }, locale)(CONTEXT),
    ],
  ];

  it.each(pages)('(%s) has the same elements for hostile text as for harmless text', (_name, render) => {
    const bare = (page: string): string[] => elements(page).map((tag) => tag.replace(/"[^"]*"/g, '""'));
    for (const locale of LOCALES) {
      for (const text of HOSTILE) {
        const page = render(text, locale);
        expect(bare(page)).toEqual(bare(render('harmless', locale)));
        expect(page.match(/<\/script>/g)).toEqual(render('harmless', locale).match(/<\/script>/g));
      }
    }
  });

  it.each(pages)(
    '(%s) loads nothing, contains no event handler and no inline style, and is not indexed',
    (_name, render) => {
      const page = render('x', 'zh');
      expect(page).toMatch(/^<!doctype html>\s*<html lang="zh-CN">/);
      expect(page).toContain('<meta name="robots" content="noindex"');
      for (const tag of elements(page)) {
        expect(tag).not.toMatch(/\son\w+=|\sstyle=|\ssrc=|^<(?:iframe|object|embed|form|base|img)/i);
        if (tag.startsWith('<link')) expect(tag).toContain('href="data:,"');
      }
    },
  );
});

describe('the hand-off page', () => {
  /** Runs the page's script like one of the oldest supported browsers, with the page's data. */
  async function open(handOff: Omit<HandOffPage, 'place'> & Partial<HandOffPage>, before: Record<string, string> = {}) {
    const page = handOffPage({ place: 'localStorage', ...handOff }, 'en')(CONTEXT);
    const storage = new Map(Object.entries(before));
    const ofTheTab = new Map<string, string>();
    const went: string[] = [];
    const signedOut: unknown[] = [];
    const [, script = ''] = /<script nonce="nonce">([^]*?)<\/script>/.exec(page)!;
    const [, data = '', blocked = ''] = /<p data-hand-off="([^"]*)" data-blocked="([^"]*)">/.exec(page)!;
    const note = { dataset: { handOff: unescape(data), blocked: unescape(blocked) }, textContent: 'on the way' };
    const window = { location: { replace: (target: string) => went.push(target) } };
    runInNewContext(script, {
      document: {
        querySelector: (selector: string) => (selector === '[data-hand-off]' ? note : null),
      },
      atob,
      TextDecoder,
      URL,
      setTimeout,
      clearTimeout,
      window,
      fetch: async (url: string, init: { headers: Record<string, string> }) => signedOut.push([url, init.headers]),
      localStorage: storageOver(storage),
      sessionStorage: storageOver(ofTheTab),
    });
    function storageOver(kept: Map<string, string>): object {
      return {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => {
          if (before['BLOCKED'] !== undefined) throw new Error('blocked');
          kept.set(key, value);
        },
        removeItem: (key: string) => kept.delete(key),
      };
    }
    await new Promise(setImmediate);
    const [kept, keptInTab] = [Object.fromEntries(storage), Object.fromEntries(ofTheTab)];
    return { page, script, storage: kept, ofTheTab: keptInTab, went, signedOut, says: note.textContent };
  }

  it('writes and removes the given keys, leaves others, and opens NocoBase without an entry in the history', async () => {
    const { storage, went } = await open(
      {
        location: 'https://app.example.com/admin',
        storage: { NOCOBASE_TOKEN: 'new', NOCOBASE_ROLE: null },
        former: FORMER,
      },
      { NOCOBASE_TOKEN: 'old', NOCOBASE_ROLE: 'admin', OTHER: 'x' },
    );
    expect(storage).toEqual({ NOCOBASE_TOKEN: 'new', OTHER: 'x' });
    expect(went).toEqual(['https://app.example.com/admin']);
  });

  it('writes to the tab’s storage if NocoBase uses that', async () => {
    const handOff = { location: 'https://app.example.com/admin', storage: { NOCOBASE_TOKEN: 'new' }, former: FORMER };
    const { storage, ofTheTab } = await open({ ...handOff, place: 'sessionStorage' }, { NOCOBASE_TOKEN: 'old' });
    expect([storage, ofTheTab]).toEqual([{ NOCOBASE_TOKEN: 'old' }, { NOCOBASE_TOKEN: 'new' }]);
  });

  it('works with any token and any return path', async () => {
    const evil = fc.oneof(fc.constantFrom(...HOSTILE), anyText());
    const harmless = (await open({ location: 'https://app.example.com/', storage: {}, former: FORMER })).script;
    await fc.assert(
      fc.asyncProperty(evil, evil, async (path, token) => {
        fc.pre(token.isWellFormed() && token !== '');
        const { href: location } = new URL(`/${encodeURIComponent(path.toWellFormed())}`, 'https://app.example.com');
        const opened = await open({ location, storage: { NOCOBASE_TOKEN: token }, former: FORMER });
        expect(opened.went).toEqual([location]);
        expect(opened.storage).toEqual({ NOCOBASE_TOKEN: token });
        // None of the data is in the script.
        expect(opened.script).toBe(harmless);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '/admin', ''])(
    'never opens an address like %s',
    async (location) => {
      const handOff = { location, storage: { NOCOBASE_TOKEN: 'new' }, former: FORMER };
      await expect(open(handOff)).rejects.toThrow('the page lacks its data');
    },
  );

  it('ends a former user’s session in NocoBase, but not the person’s own', async () => {
    const tokenOf = (userId: number): string => `h.${Buffer.from(JSON.stringify({ userId })).toString('base64url')}.s`;
    const handOff = { location: 'https://app.example.com/admin', storage: { NOCOBASE_TOKEN: tokenOf(2) } };
    const other = await open({ ...handOff, former: { ...FORMER, app: 'branch' } }, { NOCOBASE_TOKEN: tokenOf(3) });
    const own = await open({ ...handOff, former: FORMER }, { NOCOBASE_TOKEN: tokenOf(2) });

    expect(other.signedOut).toEqual([
      [FORMER.signOutUrl, { authorization: `Bearer ${tokenOf(3)}`, 'x-app': 'branch' }],
    ]);
    expect(own.signedOut).toEqual([]);
    expect([other.went, own.went]).toEqual([[handOff.location], [handOff.location]]);
    expect(other.storage).toEqual({ NOCOBASE_TOKEN: tokenOf(2) });
  });

  it('says what to do if the browser blocks its storage', async () => {
    const handOff = { location: 'https://app.example.com/admin', storage: { NOCOBASE_TOKEN: 'new' }, former: FORMER };
    const { went, says } = await open(handOff, { BLOCKED: 'yes' });
    expect(went).toEqual([]);
    expect(says).toContain('Your browser blocks storage');
  });

  it('puts the token in no address', async () => {
    const handOff = { location: 'https://app.example.com/admin', former: FORMER };
    const { page } = await open({ ...handOff, storage: { NOCOBASE_TOKEN: 'CANARY-token' } });
    for (const [, address] of page.matchAll(/(?:href|src|content)="([^"]*)"/g)) expect(address).not.toContain('CANARY');
  });
});

describe('an error', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it.each(CODES)('%s is a page with its status, or JSON if requested', async (code) => {
    const error = new TestError(code, { detail: 'CANARY-detail' });
    const page = await answerTo(error);
    expect(page.status).toBe(ERROR_STATUS[code]);
    expect(page.headers['content-type']).toEqual(['text/html; charset=utf-8']);
    expect(page.headers).not.toHaveProperty('location');
    expect(page.body).not.toContain('CANARY');

    const json = await answerTo(error, request({ accept: 'application/json', 'accept-language': 'zh-CN' }));
    expect(json.status).toBe(ERROR_STATUS[code]);
    expect(json.headers['content-type']).toEqual(['application/json; charset=utf-8']);
    const body = JSON.parse(json.body) as Record<string, string>;
    expect(Object.keys(body).toSorted()).toEqual(['error', 'message', 'requestId']);
    expect(body).toMatchObject({ error: code, message: expect.stringContaining(MESSAGES.zh.errors[code].text) });
    expect(json.headers['x-request-id']).toEqual([body['requestId']]);
    expect(json.body).not.toContain('CANARY');
  });

  it('names the setting to check, and when to retry', async () => {
    const misconfigured = await answerTo(new MisconfiguredError('NOCOBASE_API_TOKEN', 'CANARY'));
    expect(misconfigured.status).toBe(500);
    expect(misconfigured.body).toContain('NOCOBASE_API_TOKEN');
    const limited = await answerTo(new TestError('rate_limited', { retryAfterSeconds: 7 }));
    expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': ['7'] } });
    await expect(answerTo(new TestError('temporarily_unavailable', { status: 504 }))).resolves.toMatchObject({
      status: 504,
    });
  });

  it.each([
    [new Error('CANARY'), 500, 'server_error'],
    ['CANARY', 500, 'server_error'],
    [undefined, 500, 'server_error'],
    [null, 500, 'server_error'],
    [Object.assign(new Error('CANARY'), { status: 404 }), 500, 'server_error'],
    [Object.assign(new Error('CANARY'), { statusCode: 400 }), 400, 'invalid_request'],
    [Object.assign(new Error('CANARY'), { statusCode: 404 }), 404, 'not_found'],
    [new HttpException('CANARY', 404), 404, 'not_found'],
    [new HttpException('CANARY', 405), 404, 'not_found'],
    [new HttpException('CANARY', 413), 400, 'invalid_request'],
    [new HttpException({ message: 'CANARY' }, 503), 500, 'server_error'],
    [new HttpException('CANARY', 302), 500, 'server_error'],
  ])('that is unexpected reveals nothing (%#)', async (thrown, status, code) => {
    const answer = await answerTo(thrown);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`<dd>${code}</dd>`);
    expect(answer.body).not.toContain('CANARY');
  });

  it('offers a retry for the requested page, and the password sign-in', async () => {
    const from = request();
    requestContext(from).returnPath = '/admin/x?a=1&b="<>#c' as ReturnPath;
    const links = async (thrown: GatewayError, by = request()): Promise<string[]> =>
      [...(await answerTo(thrown, by)).body.matchAll(/<a class="[^"]*" href="([^"]*)"/g)].map(([, href]) =>
        unescape(href!),
      );

    const [tryAgain = '', password] = await links(new TestError('invalid_state'), from);
    expect(tryAgain).toMatch(/^https:\/\/sso\.example\.com\/auth\/dingtalk\?redirect=/);
    expect([...new URL(tryAgain).searchParams]).toEqual([['redirect', '/admin/x?a=1&b="<>#c']]);
    expect(password).toBe('https://app.example.com/signin');
    await expect(links(new TestError('access_denied'))).resolves.toContain('https://sso.example.com/auth/dingtalk');
    await expect(links(new NotFoundError())).resolves.toContain('https://sso.example.com/');
  });

  it('also shows its title in the bar of DingTalk’s client, and loads nothing elsewhere', async () => {
    const inDingTalk = await answerTo(new NotFoundError(), request({ 'user-agent': 'AliApp(DingTalk/7.8.1)' }));
    const [, source] =
      /<script nonce="[^"]+" src="https:\/\/sso\.example\.com\/assets\/([^"]+)"><\/script>/.exec(inDingTalk.body) ?? [];
    expect(source).toMatch(/^page-title\.[\da-f]{12}\.js$/);
    expect(inDingTalk.body).toContain(`<title>${MESSAGES.en.errors.not_found.title}</title>`);
    expect((await answerTo(new NotFoundError())).body).not.toContain('<script');
  });

  it('has our own request id, the same everywhere, whatever the client sends', async () => {
    const from = request({ 'x-request-id': 'CANARY' });
    const answer = await answerTo(new NotFoundError(), from);
    expect(answer.headers['x-request-id']).toEqual([requestContext(from).requestId]);
    expect(answer.body).toContain(requestContext(from).requestId);
    expect(answer.body).not.toContain('CANARY');
    expect(requestContext(request()).requestId).not.toBe(requestContext(request()).requestId);
    expect(requestContext(from).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is logged with its detail and without text from an upstream', async () => {
    const lines: unknown[] = [];
    const listen = (line: unknown): void => void lines.push(line);
    const secret = `CANARY-${randomBytes(4).toString('hex')}`;
    Logger.overrideLogger({ log: listen, error: listen, warn: listen, debug: listen });
    try {
      await answerTo(new MisconfiguredError('NOCOBASE_API_TOKEN', 'refused', { body: secret }));
      await answerTo(new TestError('invalid_state', { detail: 'too old' }));
      await answerTo(Object.assign(new Error('boom'), { config: { headers: secret } }));
    } finally {
      Logger.overrideLogger(false);
    }
    expect(lines).toMatchObject([
      { event: 'error', code: 'misconfigured', setting: 'NOCOBASE_API_TOKEN', detail: 'refused' },
      { event: 'error', code: 'invalid_state', detail: 'too old' },
      { event: 'error', code: 'server_error', stack: expect.stringContaining('boom') },
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });
});
