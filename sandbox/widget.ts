import type { AuthorizationRequest } from './authorization-request.js';
import { html, Html } from './html.js';
import type { Answer, Call } from './http.js';
import { page } from './page.js';

/**
 * The embedded sign-in: https://open.dingtalk.com/document/development/obtain-identity-credentials. Works like script 0.21.0:
 * parameters are copied unencoded into the frame's address, every message of the frame that is not a success is an error, and so is
 * a success without a code. The listener stays, so a second message is a second success.
 */
const SCRIPT = `const { origin } = new URL(document.currentScript.src);
window.DTFrameLogin = function (frame, params, onSuccess, onError) {
  const container = document.getElementById(frame.id);
  const fail = (reason) => onError && onError(reason);
  if (!params.client_id || !params.redirect_uri || !params.response_type || !params.scope) return fail('Missing parameters');
  if (!container) return fail('Element not found');
  const wanted = ['redirect_uri', 'response_type', 'client_id', 'scope', 'prompt', 'state', 'org_type', 'corpId', 'exclusiveLogin', 'exclusiveCorpId'];
  const query = wanted.filter((name) => params[name]).map((name) => name + '=' + params[name]);
  const iframe = document.createElement('iframe');
  container.textContent = '';
  container.appendChild(iframe);
  iframe.src = origin + '/login/oauth2/auth?iframe=true&' + query.join('&');
  iframe.width = String(frame.width || 300);
  iframe.height = String(frame.height || 300);
  iframe.frameBorder = '0';
  iframe.scrolling = 'no';
  window.addEventListener('message', ({ data, origin: sender }) => {
    if (sender !== origin || !data) return;
    if (!data.success || !data.redirectUrl) return fail(data.errorMsg);
    const read = (name) => (data.redirectUrl.match(new RegExp('[?&]' + name + '=([^&]+)')) || [])[1] || '';
    if (read('authCode')) onSuccess && onSuccess({ redirectUrl: data.redirectUrl, authCode: read('authCode'), state: read('state') });
    else fail(read('error'));
  });
  return iframe;
};
`;

/** GET /ddlogin.js: `window.DTFrameLogin`. */
export function widgetScript(): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/javascript;charset=UTF-8', 'cache-control': 'no-store' },
    body: SCRIPT,
    code: 'ok',
  };
}

export type WidgetMessage =
  | { readonly success: true; readonly redirectUrl: string }
  | { readonly success: false; readonly errorMsg: string; readonly errorCode: number };

/** Notifies the embedding page of the result. Only a page on the callback's origin receives it. */
export function tellEmbedder(
  call: Call,
  request: AuthorizationRequest,
  message: WidgetMessage,
  { times, code }: { times: number; code: string },
): Answer {
  const target = JSON.stringify(new URL(request.redirectUri).origin);
  const text = JSON.stringify(message).replaceAll('<', '\\u003c');
  const script = `for (let told = 0; told < ${times}; told += 1) parent.postMessage(${text}, ${target});`;
  return page(call, 200, code, html`<script>${new Html(script)}</script>`);
}
