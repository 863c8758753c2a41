import { isRecord, isText, parseJson, strings, texts } from '../src/core/browser/index.js';
import { ofApp, signInPath } from '../src/core/nocobase-web/index.js';
import { handOff } from './hand-off.js';
import { within } from './time-limit.js';

/** Timeout for NocoBase's answer to a sign-in, which includes its database. */
const LIMIT_MS = 30_000;

/** The options that the companion plugin gives its pages: `nocobase-plugin/src/server/pages/sign-in-page.ts`. */
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
  'proofHeader',
  'returnPathHeader',
  'errorParameter',
  'requestParameter',
  'pages',
  'codes',
] as const;

type Options = Readonly<Record<(typeof OPTIONS)[number], string>>;

/** The meaning of an answer whose body is unknown. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  429: 'rate_limited',
  502: 'temporarily_unavailable',
  503: 'temporarily_unavailable',
  504: 'temporarily_unavailable',
};

/** What is known of a failed sign-in: where the person wanted to go, and its request id in the log. */
export interface Failure {
  readonly returnPath?: unknown;
  readonly requestId?: unknown;
}

type Answer =
  | { readonly token: string; readonly redirect: string }
  | { readonly code: string; readonly failure: Failure };

/** The element with the script's options, which also shows people the progress. @throws if options are missing */
export function pageAtNocoBase(): { readonly note: HTMLElement; readonly options: Options } {
  const note = document.getElementById('at-nocobase');
  const options = strings(parseJson(note === null ? undefined : note.dataset['options']), OPTIONS);
  if (note === null || options === undefined) throw new Error('the page lacks its data');
  return { note, options };
}

/**
 * Signs in at NocoBase, which served this page, and leaves the page.
 *
 * @param proof the header that authenticates the person: a ticket, or DingTalk's answer
 * @param failureOf maps failures that the page understands better than NocoBase's answer explains them
 */
export async function signInWith(proof: string, failureOf: () => Failure | undefined = () => undefined): Promise<void> {
  const { note, options } = pageAtNocoBase();
  const answer = await signIn(options, proof);
  if ('code' in answer) return location.replace(signInPage(options, answer.code, failureOf() || answer.failure));
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

const SILENCE: Answer = { code: 'temporarily_unavailable', failure: {} };

async function signIn(options: Options, proof: string): Promise<Answer> {
  const { app, api, authenticator, proofHeader } = options;
  const headers = { ...ofApp(app), 'X-Authenticator': authenticator, [proofHeader]: proof };
  try {
    // `credentials`: older browsers send no cookies otherwise, and a cookie ties the sign-in to this browser.
    const request = fetch(`${api}auth:signIn`, { method: 'POST', headers, credentials: 'same-origin' });
    return (
      (await within(
        LIMIT_MS,
        request.then((response) => read(response, options)),
      )) || SILENCE
    );
  } catch {
    return SILENCE;
  }
}

/** The answer may not come from our plugin: NocoBase answers while it starts or without the plugin, and so does any proxy on the way. */
async function read(response: Response, { codes, returnPathHeader }: Options): Promise<Answer> {
  const said = parseJson(await response.text());
  const body = isRecord(said) ? said : {};
  const session = response.ok ? texts(body['data'], ['token', 'redirect']) : undefined;
  if (session !== undefined && /^\/(?![/\\])/.test(session.redirect)) return session;
  const first: unknown = Array.isArray(body['errors']) ? body['errors'][0] : undefined;
  const code = isRecord(first) ? first['code'] : undefined;
  const failure = {
    returnPath: decoded(response.headers.get(returnPathHeader)),
    requestId: response.headers.get('X-Request-Id'),
  };
  if (isText(code) && codes.split(' ').indexOf(code) !== -1) return { code, failure };
  return {
    failure,
    code: CODE_OF_STATUS[response.status] || (response.ok ? 'temporarily_unavailable' : 'server_error'),
  };
}

/** Headers are ASCII only. */
function decoded(path: string | null): string | undefined {
  try {
    return path === null ? undefined : decodeURI(path);
  } catch {
    return undefined;
  }
}

/** NocoBase's sign-in page, in the person's client and application, with the error to show. */
function signInPage(options: Options, code: string, { returnPath, requestId }: Failure): string {
  const { appInPath, base, modern, pages, errorParameter, requestParameter } = options;
  const path = isText(returnPath) && new RegExp(pages).test(returnPath) ? returnPath : undefined;
  const isNumber = isText(requestId) && /^[\w-]{1,128}$/.test(requestId);
  const told = { [errorParameter]: code, ...(isNumber ? { [requestParameter]: requestId } : {}) };
  return base + signInPath({ app: appInPath, modernPrefix: modern }, base, path, told);
}
