import { isRecord, isText, parseJson, strings, texts } from '../src/core/browser/index.js';
import { ofApp, signInPath } from '../src/core/nocobase-web/index.js';
import { handOff } from './hand-off.js';
import { within } from './time-limit.js';
import { claimsOf } from './token.js';

/** NocoBase's answer to a sign-in, database and all. */
const LIMIT_MS = 30_000;

/** What the companion plugin tells its page: `nocobase-plugin/src/server/redeem-page.ts`. */
const OPTIONS = [
  'app',
  'appInPath',
  'authenticator',
  'api',
  'base',
  'modern',
  'storage',
  'tokenKey',
  'authenticatorKey',
  'roleKey',
  'ticketHeader',
  'errorParameter',
  'requestParameter',
  'pages',
  'codes',
] as const;

type Options = Readonly<Record<(typeof OPTIONS)[number], string>>;

/** What an answer means whose body says nothing that we know. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  429: 'rate_limited',
  502: 'temporarily_unavailable',
  503: 'temporarily_unavailable',
  504: 'temporarily_unavailable',
};

type Answer = { readonly token: string; readonly redirect: string } | { readonly code: string };

/** Signs in at NocoBase, which has served this page, with a ticket of the gateway's. */
async function redeem(note: HTMLElement, options: Options, ticket: string): Promise<void> {
  const answer = await signIn(options, ticket);
  if ('code' in answer) return location.replace(signInPage(options, answer.code, ticket));
  const { app, api, authenticator, tokenKey, authenticatorKey, roleKey } = options;
  const storage = { [tokenKey]: answer.token, [authenticatorKey]: authenticator, [roleKey]: null };
  const former = { tokenKey, signOutUrl: `${api}auth:signOut`, app, credentials: 'omit' } as const;
  try {
    await handOff({ place: options.storage, storage, former });
  } catch {
    note.textContent = note.dataset['blocked'] || '';
    return;
  }
  location.replace(options.base + answer.redirect);
}

async function signIn({ app, api, authenticator, ticketHeader, codes }: Options, ticket: string): Promise<Answer> {
  const headers = { ...ofApp(app), 'X-Authenticator': authenticator, [ticketHeader]: ticket };
  try {
    // `credentials`, because older browsers send no cookie otherwise: one ties the sign-in to this browser.
    const request = fetch(`${api}auth:signIn`, { method: 'POST', headers, credentials: 'same-origin' });
    return (
      (await within(
        LIMIT_MS,
        request.then((response) => read(response, codes)),
      )) || { code: 'temporarily_unavailable' }
    );
  } catch {
    return { code: 'temporarily_unavailable' };
  }
}

/** Not only our plugin answers: NocoBase while it starts or without the plugin, and any proxy on the way. */
async function read(response: Response, codes: string): Promise<Answer> {
  const said = parseJson(await response.text());
  const body = isRecord(said) ? said : {};
  const session = response.ok ? texts(body['data'], ['token', 'redirect']) : undefined;
  if (session !== undefined && /^\/(?![/\\])/.test(session.redirect)) return session;
  const first: unknown = Array.isArray(body['errors']) ? body['errors'][0] : undefined;
  const code = isRecord(first) ? first['code'] : undefined;
  if (isText(code) && codes.split(' ').indexOf(code) !== -1) return { code };
  return { code: CODE_OF_STATUS[response.status] || (response.ok ? 'temporarily_unavailable' : 'server_error') };
}

/** NocoBase's sign-in page, of the client and the application that the person was in, with the error to tell them about. */
function signInPage(options: Options, code: string, ticket: string): string {
  const { appInPath, base, modern, pages, errorParameter, requestParameter } = options;
  const { returnPath, requestId } = claimsOf(ticket);
  const path = isText(returnPath) && new RegExp(pages).test(returnPath) ? returnPath : undefined;
  const isNumber = isText(requestId) && /^[\w-]{1,128}$/.test(requestId);
  const told = { [errorParameter]: code, ...(isNumber ? { [requestParameter]: requestId } : {}) };
  return base + signInPath({ app: appInPath, modernPrefix: modern }, base, path, told);
}

const note = document.querySelector<HTMLElement>('[data-redeem]');
if (note !== null) {
  const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket') || '';
  // The ticket leaves the address before anything else happens; `replace` keeps this page out of the history.
  history.replaceState(null, '', location.pathname + location.search);
  const options = strings(parseJson(note.dataset['redeem']), OPTIONS);
  if (options === undefined) throw new Error('the page lacks its data');
  void redeem(note, options, ticket);
}
