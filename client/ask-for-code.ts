// Only the two calls and the platforms, not the whole SDK: https://open.dingtalk.com/document/development/jsapi-request-auth-code
import 'dingtalk-jsapi/platform/index.js';
import { requestAuthCode$ as requestAuthCode } from 'dingtalk-jsapi/api/union/requestAuthCode.js';
import { requestAuthCode$ as olderRequestAuthCode } from 'dingtalk-jsapi/api/runtime/permission/requestAuthCode.js';
import { isRecord, isText } from '../src/core/browser/index.js';
import { within } from './time-limit.js';

/** A client that is too old may reject the call, or never answer. */
const LIMIT_MS = 5000;

/**
 * The authorization code of the person who is signed in to DingTalk: from `dd.requestAuthCode` (client 7.0.45, desktop 7.0.50),
 * otherwise from `dd.runtime.permission.requestAuthCode`. `undefined` if neither returned one in time, as everywhere outside
 * DingTalk. Two calls may return two codes; the first one is used.
 */
export async function askForCode(app: { corpId: string; clientId: string }): Promise<string | undefined> {
  const first = codeOf(() => requestAuthCode({ corpId: app.corpId, clientId: app.clientId }));
  const code = await within(LIMIT_MS, first);
  if (code !== undefined) return code;
  return earlier(
    first,
    within(
      LIMIT_MS,
      codeOf(() => olderRequestAuthCode({ corpId: app.corpId })),
    ),
  );
}

/** Never rejects: a refusal, a failure and a malformed answer make no difference to the person who waits. */
async function codeOf(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    const result = await call();
    return isRecord(result) && isText(result['code']) ? result['code'] : undefined;
  } catch {
    return undefined;
  }
}

/** A late answer of the first call is accepted until the second one has timed out. */
function earlier(late: Promise<string | undefined>, second: Promise<string | undefined>): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    late.then((code) => code !== undefined && resolve(code), reject);
    second.then(resolve, reject);
  });
}
