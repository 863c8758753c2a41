import { ERROR_STATUS, type ErrorCode } from '../../../src/errors/index.js';
import { ERROR_PARAMETER, REQUEST_PARAMETER } from '../../../src/plugin-protocol/index.js';
import { TICKET_HEADER } from './ticket.js';

export interface RedeemOptions {
  readonly app: string;
  readonly authenticator: string;
  /** Path of this application's API, with a slash at its end. */
  readonly api: string;
  /** NocoBase's base path, without a slash at its end. */
  readonly base: string;
  /** First part of the v2 client's pages. */
  readonly modern: string;
  /** An expression for the paths that may be named on the sign-in page: the ticket is not verified yet. */
  readonly pages: string;
  readonly storage: {
    readonly session: boolean;
    readonly token: string;
    readonly authenticator: string;
    readonly role: string;
  };
}

const TEXTS = {
  en: {
    lang: 'en',
    title: 'Signing you in…',
    blocked:
      'Your browser does not let this page keep your sign-in. Please allow site data for this address and try again.',
    noScript: 'Please switch on JavaScript: NocoBase needs it.',
  },
  zh: {
    lang: 'zh-CN',
    title: '正在登录…',
    blocked: '浏览器不允许本页面保存登录状态。请允许此地址保存网站数据，然后重试。',
    noScript: '请启用 JavaScript，NocoBase 需要它。',
  },
};

/** What an answer means whose body says nothing that we know. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  429: 'rate_limited',
  502: 'temporarily_unavailable',
  503: 'temporarily_unavailable',
  504: 'temporarily_unavailable',
};

/**
 * The ticket leaves the address before anything else happens. A session that somebody else left in this browser is ended
 * at NocoBase; that it may fail, or take too long, keeps nobody out. `replace` keeps the page out of the history.
 */
const SCRIPT = `
const note = document.querySelector('p');
const { app, authenticator, api, base, modern, pages, storage: keys, names, codes, statuses } = JSON.parse(note.dataset.options);
const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket') || '';
history.replaceState(null, '', location.pathname + location.search);
const payload = (token) => { try { return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)))) || {}; } catch { return {}; } };
const appHeader = app === 'main' ? {} : { 'X-App': app };
const fail = (code) => {
  const { returnPath, requestId } = payload(ticket);
  const path = typeof returnPath === 'string' && new RegExp(pages).test(returnPath) ? returnPath : undefined;
  const isModern = path !== undefined && path.startsWith('/' + modern + '/');
  const query = new URLSearchParams({ [names.error]: codes.includes(code) ? code : 'server_error' });
  if (typeof requestId === 'string' && /^[\\w-]{1,128}$/.test(requestId)) query.set(names.request, requestId);
  // The sign-in page of the new client takes a whole path, that of the classic one what stands behind its own.
  const client = isModern ? '/' + modern : '';
  const ofApp = app === 'main' ? '' : '/apps/' + app;
  if (path !== undefined) {
    const inside = path.slice(client.length);
    const page = ofApp && inside.startsWith(ofApp + '/') ? inside.slice(ofApp.length) : inside;
    query.set('redirect', isModern ? base + client + ofApp + page : page);
  }
  location.replace(base + client + ofApp + '/signin?' + query);
};
const parsed = (text) => { try { return JSON.parse(text) || {}; } catch { return {}; } };
const signIn = async () => {
  let response, answer;
  try {
    const headers = { ...appHeader, 'X-Authenticator': authenticator, [names.ticket]: ticket };
    response = await fetch(api + 'auth:signIn', { method: 'POST', headers, signal: AbortSignal.timeout(30000) });
    answer = parsed(await response.text());
  } catch {
    return fail('temporarily_unavailable');
  }
  // Not only our plugin answers here: NocoBase while it starts or without the plugin, and any proxy on the way.
  const error = Array.isArray(answer.errors) && answer.errors[0] ? answer.errors[0].code : undefined;
  const { token, redirect } = answer.data || {};
  const isGood = response.ok && typeof token === 'string' && typeof redirect === 'string' && /^\\/(?![/\\\\])/.test(redirect);
  if (!isGood) return fail(codes.includes(error) ? error : statuses[response.status] || (response.ok ? 'temporarily_unavailable' : 'server_error'));
  let left;
  try {
    const storage = keys.session ? sessionStorage : localStorage;
    left = storage.getItem(keys.token);
    storage.setItem(keys.token, token);
    storage.setItem(keys.authenticator, authenticator);
    storage.removeItem(keys.role);
  } catch {
    note.textContent = note.dataset.blocked;
    return;
  }
  const go = () => location.replace(base + redirect);
  if (left && payload(left).userId !== payload(token).userId) {
    const headers = { ...appHeader, authorization: 'Bearer ' + left };
    fetch(api + 'auth:signOut', { method: 'POST', headers, credentials: 'omit', signal: AbortSignal.timeout(2000) }).then(go, go);
  } else {
    go();
  }
};
void signIn();
`;

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
`;

export function redeemPage(nonce: string, language: keyof typeof TEXTS, options: RedeemOptions): string {
  const { lang, title, blocked, noScript } = TEXTS[language];
  const names = { error: ERROR_PARAMETER, request: REQUEST_PARAMETER, ticket: TICKET_HEADER };
  const data = { ...options, names, codes: Object.keys(ERROR_STATUS), statuses: CODE_OF_STATUS };
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<p data-options="${escaped(JSON.stringify(data))}" data-blocked="${blocked}">${title}</p>
<noscript><p>${noScript}</p></noscript>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
