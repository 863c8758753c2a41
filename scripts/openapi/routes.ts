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
    'Where in NocoBase the person lands: the path of a page. Anything else is dropped for `NOCOBASE_DEFAULT_PATH`.',
  schema: { type: 'string', example: '/admin/orders' },
};

const authenticator: Parameter = {
  name: 'authenticator',
  in: 'path',
  required: true,
  description: 'Name of the sign-in method, as `NOCOBASE_AUTHENTICATOR` or the authenticators file has it.',
  schema: { type: 'string', pattern: '^[\\w-]{1,64}$', example: 'dingtalk' },
};

const corpId: Parameter = {
  name: 'corpId',
  in: 'query',
  description:
    'The organization that DingTalk has put into the home page of its application. Only an allowed one counts.',
  schema: { type: 'string', example: 'ding0123456789abcdef' },
};

const challenge: Parameter = {
  name: 'challenge',
  in: 'query',
  description:
    "Hand-off `ticket` only: the base64url of a SHA-256, as NocoBase's plugin makes it for this browser. Without it the answer leads to the plugin, which comes back with one.",
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
    'Set-Cookie': { description: 'The sealed sign-in transaction; not on the way to the plugin.', schema: text },
  },
};

const ALL_CODES = Object.keys(ERROR_STATUS) as ErrorCode[];

/** Every route of the gateway. A new route needs a row here: the generator and the tests name the missing one. */
export const ROUTES: Readonly<Record<RouteKey, RouteDescription>> = {
  'GET /': {
    tag: 'Sign-in',
    summary: 'The sign-in page',
    parameters: [redirect, corpId],
    answers: { 200: page('A button for each way to sign in; inside DingTalk the way to silent sign-in.') },
    errors: ['server_error'],
  },
  'GET /auth/dingtalk': {
    tag: 'Sign-in',
    summary: 'Starts a sign-in with the default authenticator',
    description: 'For browsers: the answer belongs to the cookie that comes with it. A prefetch is refused.',
    parameters: [redirect, challenge],
    answers: { 302: toDingTalk },
    errors: ['invalid_request', 'rate_limited', 'server_error'],
  },
  'GET /auth/dingtalk/{authenticator}': {
    tag: 'Sign-in',
    summary: 'Starts a sign-in with the authenticator of that name',
    description: 'For browsers: the answer belongs to the cookie that comes with it. A prefetch is refused.',
    parameters: [authenticator, redirect, challenge],
    answers: { 302: toDingTalk },
    errors: ['invalid_request', 'not_found', 'rate_limited', 'server_error'],
  },
  'GET /auth/dingtalk/{authenticator}/callback': {
    tag: 'Sign-in',
    summary: 'The redirect URI: where DingTalk sends the browser back',
    description:
      'Register this address at DingTalk, as it is, for each authenticator. It works once, in the browser that started.',
    parameters: [
      authenticator,
      fromDingTalk('code', 'The authorization code; DingTalk sends it as `code`, `authCode`, or both.', 512),
      fromDingTalk('authCode', 'The same as `code`.', 512),
      fromDingTalk('state', 'The value that the sign-in was started with.', 512),
      fromDingTalk('error', 'There when the person or DingTalk declined.', 512),
    ],
    answers: {
      200: page("Hand-off `page`: writes NocoBase's session to the browser's storage, then opens the return path."),
      303: {
        description:
          "Hand-off `query`: to NocoBase, which takes the session from the query and strips it. Hand-off `ticket`: to NocoBase's plugin, also with an error.",
        headers: {
          Location: {
            description:
              'The return path at NocoBase, with `authenticator` and `token`; or the `redeem` of the plugin, with the ticket in its fragment; or the sign-in page of NocoBase, with `dingtalk_error` and `dingtalk_request`.',
            schema: { type: 'string', format: 'uri' },
          },
        },
      },
    },
    errors: ALL_CODES,
  },
  'GET /auth/dingtalk/{authenticator}/in-app': {
    tag: 'Sign-in',
    summary: "Silent sign-in inside DingTalk's client",
    description:
      "A page that asks the client for a code and posts it back. Outside the client it leads to DingTalk's page.",
    parameters: [authenticator, redirect, corpId, challenge],
    answers: {
      200: page('The page, with the cookie of a sign-in transaction.'),
      302: {
        description: "To the sign-in in the browser, or to the `start` of NocoBase's plugin.",
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
    summary: "Takes the code of DingTalk's client",
    description:
      "For this gateway's own page only: `Origin` is compared, and the state must belong to the browser's cookie.",
    parameters: [authenticator],
    requestBody: {
      ...json("What the client gave, and the page's `data-state`.", { $ref: '#/components/schemas/InAppAnswer' }),
      required: true,
    },
    answers: { 200: json('The hand-off.', { $ref: '#/components/schemas/InAppHandOff' }) },
    errors: ALL_CODES,
  },
  'POST /auth/dingtalk/{authenticator}/doctor': {
    tag: 'Operation',
    summary: 'What the command `doctor` finds of an authenticator',
    description:
      'For the companion plugin in NocoBase, whose administrator has pressed "Test": the gateway asks it back before it looks at anything. Only with the hand-off `ticket`.',
    parameters: [authenticator],
    requestBody: {
      required: true,
      ...json('Names one press of the button.', { $ref: '#/components/schemas/ExaminationRequest' }),
    },
    answers: { 200: json('What was found.', { $ref: '#/components/schemas/ExaminationReport' }) },
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
    summary: 'Where DingTalk pushes what changes in the organization',
    description:
      'Enter this address in the developer console (Event subscription, HTTP push), for `DINGTALK_EVENTS=push`. What is not signed with the token, encrypted with the key, for this application, recent and new is refused without a reason.',
    parameters: [
      authenticator,
      fromDingTalk('timestamp', 'When DingTalk signed it, in milliseconds since 1970.', 13),
      fromDingTalk('nonce', 'A text that is used once.', 64),
      fromDingTalk(
        'msg_signature',
        'SHA-1 of token, timestamp, nonce and content; some deliveries call it `signature`.',
        64,
      ),
    ],
    requestBody: {
      required: true,
      ...json('An event, encrypted.', {
        type: 'object',
        required: ['encrypt'],
        properties: { encrypt: { type: 'string', description: 'Base64 of AES-256-CBC.' } },
      }),
    },
    answers: {
      200: json('Noted: the word `success`, encrypted and signed as DingTalk asks for it.', {
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
      503: json('Not noted: DingTalk sends it again.', {
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
    description: 'Its version stands in its name; it may be cached for ever.',
    parameters: [
      {
        name: 'file',
        in: 'path',
        required: true,
        description: 'Name and version, as the pages have it.',
        schema: { type: 'string' },
      },
    ],
    answers: { 200: { description: 'The script.', content: { 'text/javascript': { schema: text } } } },
    errors: ['not_found', 'server_error'],
  },
  'GET /.well-known/jwks.json': {
    tag: 'Operation',
    summary: "The public keys by which the gateway's signatures are checked",
    description: 'They follow from `AUTH_COOKIE_SECRET`, one for each secret of its list; the first one signs.',
    answers: {
      200: {
        description: 'A JWK Set (RFC 7517).',
        headers: { 'Cache-Control': { description: 'May be kept for a minute.', schema: text } },
        content: { 'application/jwk-set+json': { schema: { $ref: '#/components/schemas/JwkSet' } } },
      },
    },
  },
  'GET /health/live': {
    tag: 'Operation',
    summary: 'Liveness: the process is up',
    answers: { 200: json('It is.', { $ref: '#/components/schemas/Live' }) },
  },
  'GET /health/ready': {
    tag: 'Operation',
    summary: 'Readiness: a sign-in could work',
    answers: {
      200: json('It could. `degraded`: something is amiss, but people can sign in, perhaps not by every way.', {
        $ref: '#/components/schemas/Health',
      }),
      503: json('It could not; the report says which part is down, and why.', { $ref: '#/components/schemas/Health' }),
    },
  },
  'GET /metrics': {
    tag: 'Operation',
    summary: 'Metrics for Prometheus',
    description: 'Unless `METRICS_ENABLED=false`. For the monitoring: a proxy does not forward it.',
    answers: { 200: { description: "Prometheus' text format.", content: { 'text/plain': { schema: text } } } },
  },
  'GET /plugin.tgz': {
    tag: 'Operation',
    summary: "NocoBase's companion plugin, of the version of this gateway",
    description:
      "For NocoBase's plugin manager, which fetches it by URL. Unless `PLUGIN_DOWNLOAD=false`. The sign-in page shows its SHA-256.",
    answers: { 200: plugin('The package.'), 304: { description: 'It is the one of `If-None-Match`.' } },
    errors: ['not_found', 'plugin_not_packed', 'rate_limited', 'server_error'],
  },
  'HEAD /plugin.tgz': {
    tag: 'Operation',
    summary: 'The same, without the package',
    answers: { 200: { description: 'It is there.' }, 304: { description: 'It is the one of `If-None-Match`.' } },
    errors: ['not_found', 'plugin_not_packed', 'rate_limited', 'server_error'],
  },
  'GET /openapi.json': {
    tag: 'Operation',
    summary: 'This document',
    description: 'Only with `OPENAPI_ENABLED=true`.',
    answers: { 200: json('An OpenAPI 3.0 document.', { type: 'object', additionalProperties: true }) },
  },
};
