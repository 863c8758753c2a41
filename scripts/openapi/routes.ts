import { ERROR_STATUS, type ErrorCode } from '../../src/core/errors/index.js';
import type { Answer, Parameter, RouteDescription, RouteKey, Schema } from './openapi.types.js';

const text: Schema = { type: 'string' };
const page = (description: string): Answer => ({ description, content: { 'text/html': { schema: text } } });
const json = (description: string, schema: Schema): Answer => ({
  description,
  content: { 'application/json': { schema } },
});

const plugin = (description: string): Answer => ({
  description,
  headers: {
    ETag: { description: 'The SHA-256 of the package, in quotation marks.', schema: text },
    'Content-Disposition': { description: 'The name of the file, which ends in the version.', schema: text },
  },
  content: { 'application/gzip': { schema: { type: 'string', format: 'binary' } } },
});

const redirect: Parameter = {
  name: 'redirect',
  in: 'query',
  description:
    'The path of the NocoBase page to open after the sign-in. Anything else is replaced by `NOCOBASE_DEFAULT_PATH`.',
  schema: { type: 'string', example: '/admin/orders' },
};

const authenticator: Parameter = {
  name: 'authenticator',
  in: 'path',
  required: true,
  description: 'Name of the authenticator, as in `NOCOBASE_AUTHENTICATOR` or the authenticators file.',
  schema: { type: 'string', pattern: '^[\\w-]{1,64}$', example: 'dingtalk' },
};

const corpId: Parameter = {
  name: 'corpId',
  in: 'query',
  description:
    "The organization, as DingTalk fills it in for `$CORPID$` in the application's home page. Ignored unless it is allowed.",
  schema: { type: 'string', example: 'ding0123456789abcdef' },
};

const challenge: Parameter = {
  name: 'challenge',
  in: 'query',
  description:
    "Hand-off `ticket` only: a SHA-256 in base64url, which NocoBase's plugin creates for this browser. Without it, the browser is redirected to the plugin, which redirects back with one.",
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
};

const fromDingTalk = (name: string, description: string, maxLength: number): Parameter => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', maxLength },
});

const toDingTalk: Answer = {
  description:
    "To DingTalk's consent page. Hand-off `ticket` without a challenge: to the `start` of NocoBase's plugin.",
  headers: {
    Location: { description: "DingTalk's authorization endpoint.", schema: { type: 'string', format: 'uri' } },
    'Set-Cookie': {
      description: 'The encrypted sign-in transaction; absent if the redirect leads to the plugin.',
      schema: text,
    },
  },
};

/** The other codes belong to the download of the plugin. */
const CODES_OF_A_SIGN_IN = (Object.keys(ERROR_STATUS) as ErrorCode[]).filter((code) => code !== 'plugin_not_packed');

/** Every route of the gateway. A new route needs a row here: the generator and the tests name the missing one. */
export const ROUTES: Readonly<Record<RouteKey, RouteDescription>> = {
  'GET /': {
    tag: 'Sign-in',
    summary: 'The sign-in page',
    parameters: [redirect, corpId],
    answers: { 200: page('A button for each authenticator; inside DingTalk, silent sign-in starts from here.') },
    errors: ['server_error'],
  },
  'GET /auth/dingtalk': {
    tag: 'Sign-in',
    summary: 'Starts a sign-in with the default authenticator',
    description: 'For browsers: the response works only together with the cookie that it sets. Prefetches are refused.',
    parameters: [redirect, challenge],
    answers: { 302: toDingTalk },
    errors: ['invalid_request', 'rate_limited', 'server_error'],
  },
  'GET /auth/dingtalk/{authenticator}': {
    tag: 'Sign-in',
    summary: 'Starts a sign-in with the named authenticator',
    description: 'For browsers: the response works only together with the cookie that it sets. Prefetches are refused.',
    parameters: [authenticator, redirect, challenge],
    answers: { 302: toDingTalk },
    errors: ['invalid_request', 'not_found', 'rate_limited', 'server_error'],
  },
  'GET /auth/dingtalk/{authenticator}/callback': {
    tag: 'Sign-in',
    summary: 'The redirect URI, to which DingTalk returns the browser',
    description:
      'Register this address at DingTalk, exactly as it is, for each authenticator. Each sign-in works once, in the browser that started it.',
    parameters: [
      authenticator,
      fromDingTalk('code', 'The authorization code; DingTalk sends it as `code`, `authCode`, or both.', 512),
      fromDingTalk('authCode', 'The same as `code`.', 512),
      fromDingTalk('state', 'The value that the sign-in started with.', 512),
      fromDingTalk('error', 'Present if the person or DingTalk declined.', 512),
    ],
    answers: {
      200: page("Hand-off `page`: writes NocoBase's session to the browser's storage, then opens the return path."),
      303: {
        description:
          "Hand-off `query`: to NocoBase, which reads the session from the query and removes it. Hand-off `ticket`: to NocoBase's plugin, also in case of an error.",
        headers: {
          Location: {
            description:
              "The return path at NocoBase, with `authenticator` and `token`; the plugin's `redeem` page, with the ticket in the fragment; or NocoBase's sign-in page, with `dingtalk_error` and `dingtalk_request`.",
            schema: { type: 'string', format: 'uri' },
          },
        },
      },
    },
    errors: CODES_OF_A_SIGN_IN,
  },
  'GET /auth/dingtalk/{authenticator}/in-app': {
    tag: 'Sign-in',
    summary: "Silent sign-in inside DingTalk's client",
    description:
      "A page that requests a code from the client and posts it back. Outside the client it redirects to DingTalk's page.",
    parameters: [authenticator, redirect, corpId, challenge],
    answers: {
      200: page('The page, with the cookie of a sign-in transaction.'),
      302: {
        description: "To the sign-in in the browser, or to the plugin's `start`.",
        headers: {
          Location: {
            description: 'An address of this gateway, or of the plugin.',
            schema: { type: 'string', format: 'uri' },
          },
        },
      },
    },
    errors: ['invalid_request', 'not_found', 'rate_limited', 'server_error'],
  },
  'POST /auth/dingtalk/{authenticator}/in-app': {
    tag: 'Sign-in',
    summary: "Accepts the code from DingTalk's client",
    description:
      "For this gateway's own page only: `Origin` is compared, and the state must belong to the browser's cookie.",
    parameters: [authenticator],
    requestBody: {
      ...json("The client's code, and the page's `data-state`.", { $ref: '#/components/schemas/InAppAnswer' }),
      required: true,
    },
    answers: { 200: json('The hand-off.', { $ref: '#/components/schemas/InAppHandOff' }) },
    errors: CODES_OF_A_SIGN_IN,
  },
  'POST /auth/dingtalk/{authenticator}/doctor': {
    tag: 'Operation',
    summary: 'Runs `doctor` for one authenticator',
    description:
      'For the companion plugin in NocoBase, when an administrator presses "Test". The gateway confirms this with the plugin before it checks anything. Only with hand-off `ticket`.',
    parameters: [authenticator],
    requestBody: {
      required: true,
      ...json('Identifies one press of the button.', { $ref: '#/components/schemas/ExaminationRequest' }),
    },
    answers: { 200: json('The result of each check.', { $ref: '#/components/schemas/ExaminationReport' }) },
    errors: [
      'invalid_request',
      'not_found',
      'rate_limited',
      'misconfigured',
      'server_error',
      'upstream_failed',
      'temporarily_unavailable',
    ],
  },
  'POST /auth/dingtalk/{authenticator}/events': {
    tag: 'Operation',
    summary: 'Receives events of the organization from DingTalk',
    description:
      'Enter this address in the developer console (Event subscription, HTTP push), for `DINGTALK_EVENTS=push`. Accepted only if signed with the token, encrypted with the key, meant for this application, recent and not received before; otherwise refused without a reason.',
    parameters: [
      authenticator,
      fromDingTalk('timestamp', 'Time of the signature, in milliseconds since 1970.', 13),
      fromDingTalk('nonce', 'A value that is used once.', 64),
      fromDingTalk(
        'msg_signature',
        'SHA-1 of token, timestamp, nonce and content; some deliveries call it `signature`.',
        64,
      ),
    ],
    requestBody: {
      required: true,
      ...json('An encrypted event.', {
        type: 'object',
        required: ['encrypt'],
        properties: { encrypt: { type: 'string', description: 'Base64 of AES-256-CBC.' } },
      }),
    },
    answers: {
      200: json('Accepted: the word `success`, encrypted and signed as DingTalk requires.', {
        type: 'object',
        required: ['msg_signature', 'timeStamp', 'nonce', 'encrypt'],
        properties: {
          msg_signature: text,
          timeStamp: text,
          nonce: text,
          encrypt: text,
        },
      }),
      403: json('Refused.', { type: 'object', required: ['error'], properties: { error: text } }),
      503: json('Not accepted: DingTalk sends it again.', {
        type: 'object',
        required: ['error'],
        properties: { error: text },
      }),
    },
    errors: ['not_found', 'rate_limited', 'server_error'],
  },
  'GET /assets/{file}': {
    tag: 'Sign-in',
    summary: "A script of this gateway's pages",
    description: 'The name contains a version, so it may be cached indefinitely.',
    parameters: [
      {
        name: 'file',
        in: 'path',
        required: true,
        description: 'Name and version, as in the pages.',
        schema: { type: 'string' },
      },
    ],
    answers: { 200: { description: 'The script.', content: { 'text/javascript': { schema: text } } } },
    errors: ['not_found', 'server_error'],
  },
  'GET /.well-known/jwks.json': {
    tag: 'Operation',
    summary: "The public keys that verify the gateway's signatures",
    description: 'Derived from `AUTH_COOKIE_SECRET`, one key per secret in its list; the first one signs.',
    answers: {
      200: {
        description: 'A JWK Set (RFC 7517).',
        headers: { 'Cache-Control': { description: 'May be cached for one minute.', schema: text } },
        content: { 'application/jwk-set+json': { schema: { $ref: '#/components/schemas/JwkSet' } } },
      },
    },
  },
  'GET /health/live': {
    tag: 'Operation',
    summary: 'Liveness: the process runs',
    answers: { 200: json('It runs.', { $ref: '#/components/schemas/Live' }) },
  },
  'GET /health/ready': {
    tag: 'Operation',
    summary: 'Readiness: people can sign in',
    answers: {
      200: json('They can. `degraded`: part of it does not work, and some ways to sign in may be unavailable.', {
        $ref: '#/components/schemas/Health',
      }),
      503: json('They cannot; the report says which part is down, and why.', { $ref: '#/components/schemas/Health' }),
    },
  },
  'GET /metrics': {
    tag: 'Operation',
    summary: 'Metrics for Prometheus',
    description: 'Unless `METRICS_ENABLED=false`. For your monitoring only: do not let the proxy forward it.',
    answers: { 200: { description: "In Prometheus' text format.", content: { 'text/plain': { schema: text } } } },
  },
  'GET /plugin.tgz': {
    tag: 'Operation',
    summary: "NocoBase's companion plugin, in the gateway's version",
    description:
      "For NocoBase's plugin manager, which fetches it by URL. Unless `PLUGIN_DOWNLOAD=false`. The sign-in page shows its SHA-256.",
    answers: { 200: plugin('The package.'), 304: { description: 'Unchanged: the package named in `If-None-Match`.' } },
    errors: ['not_found', 'plugin_not_packed', 'rate_limited', 'server_error'],
  },
  'HEAD /plugin.tgz': {
    tag: 'Operation',
    summary: 'The same without the body',
    answers: {
      200: { description: 'The package exists.' },
      304: { description: 'Unchanged: the package named in `If-None-Match`.' },
    },
    errors: ['not_found', 'plugin_not_packed', 'rate_limited', 'server_error'],
  },
  'GET /openapi.json': {
    tag: 'Operation',
    summary: 'This document',
    description: 'Only with `OPENAPI_ENABLED=true`.',
    answers: { 200: json('An OpenAPI 3.0 document.', { type: 'object', additionalProperties: true }) },
  },
};
