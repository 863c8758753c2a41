import { Html, html } from './html.js';
import type { Answer, Call } from './http.js';
import { languageOf } from './language.js';
import { STYLE } from './style.js';

/** DingTalk's own texts on these pages are not documented; the codes are the sandbox's, for tests to check. */
const PROBLEMS = {
  not_found: ['没有这个页面', 'There is no such page'],
  duplicate_parameter: ['请求参数重复', 'A request parameter appears twice'],
  unknown_client: ['应用不存在，请检查 client_id', 'There is no application with this client_id'],
  redirect_uri_mismatch: [
    '回调地址未在应用中登记（redirect_uri）',
    'The redirect_uri is not registered for this application',
  ],
  unsupported_response_type: ['response_type 必须是 code', 'The response_type must be code'],
  invalid_scope: ['scope 只能是 openid 或 openid corpid', 'The scope must be openid or openid corpid'],
  missing_prompt: ['缺少参数 prompt', 'The parameter prompt is missing'],
  unknown_person: ['没有这个人', 'There is no such person'],
  not_a_member: ['操作失败，你不在组织内', 'You are not a member of this organization'],
  no_organization: ['没有可选择的组织', 'There is no organization to choose'],
  qps: ['访问过于频繁，请稍后再试', 'Too many requests, try again later'],
  'ip-not-whitelisted': ['访问 IP 不在白名单之中', 'The address is not on the allow list'],
  'permission-denied': ['应用没有权限', 'The application lacks a permission'],
  'invalid-token': ['登录已失效', 'The sign-in is no longer valid'],
  'timeout-504': ['网关超时', 'The gateway timed out'],
  busy: ['系统繁忙', 'The system is busy'],
} as const;

export type Problem = keyof typeof PROBLEMS;

/** A page of the sandbox, labelled as such so that nobody mistakes it for DingTalk. */
export function page(call: Call, status: number, code: string, content: Html): Answer {
  const language = languageOf(call);
  const title = language === 'zh' ? '钉钉沙箱 · DingTalk sandbox' : 'DingTalk sandbox · 钉钉沙箱';
  const warning =
    language === 'zh'
      ? '仅供演示和测试，人物均为虚构，请勿输入真实密码'
      : 'For demos and tests only. The people are invented; never type a real password.';
  const { markup } = html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body class="${isFramed(call) ? 'framed' : ''}">
        <header class="banner"><strong>${title}</strong><span>${warning}</span></header>
        ${content}
      </body>
    </html>`;
  return { status, headers: isFramed(call) ? FRAMED_HEADERS : PAGE_HEADERS, body: markup, code };
}

/** No `form-action` here: Chromium applies it also to the redirect after the form, and would block the callback. */
const PAGE_HEADERS = {
  'content-type': 'text/html;charset=UTF-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
};

/** The widget's frame may be embedded in any page; its last page has a script that notifies the embedding page. */
const FRAMED_HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'",
};

/** Whether the request comes from the widget's frame rather than from a page of its own. */
export function isFramed(call: Call): boolean {
  return call.query.get('iframe') === 'true';
}

export function errorPage(call: Call, status: number, problem: Problem): Answer {
  const [zh, en] = PROBLEMS[problem];
  const [first, second] = languageOf(call) === 'zh' ? [zh, en] : [en, zh];
  const content = html`<main class="card error" data-error="${problem}">
    <div class="mark" aria-hidden="true">!</div>
    <h1>${first}</h1>
    <p class="quiet">${second}</p>
    <p><code>${problem}</code></p>
  </main>`;
  return page(call, status, problem, content);
}
