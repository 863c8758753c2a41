import { z } from 'zod';
import { ERROR_STATUS, type ErrorCode } from '../../src/core/errors/index.js';
import { examinationReport, examinationRequest } from '../../src/core/plugin-protocol/index.js';
import type { Answer, Schema } from './openapi.types.js';

const parts = (description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: { $ref: '#/components/schemas/HealthPart' },
});

/** For a body whose schema the gateway shares with NocoBase's plugin: the description is what is checked. */
const guarded = (guard: z.ZodType): Schema => z.toJSONSchema(guard, { target: 'openapi-3.0' }) as Schema;

/** The bodies that requests and responses refer to. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Error: {
    type: 'object',
    description: 'An error, for requests that accept `application/json`; others receive a page.',
    required: ['error', 'message', 'requestId'],
    additionalProperties: false,
    properties: {
      error: { type: 'string', enum: Object.keys(ERROR_STATUS), description: 'Stable; programs should use this.' },
      message: { type: 'string', description: 'For people, in the language of `Accept-Language`.', minLength: 1 },
      requestId: { type: 'string', format: 'uuid', description: 'Also in the log and in `X-Request-Id`.' },
    },
  },
  InAppAnswer: {
    type: 'object',
    required: ['code', 'state'],
    additionalProperties: false,
    properties: {
      code: { type: 'string', maxLength: 512, description: "From DingTalk's client; works once." },
      state: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
    },
  },
  InAppHandOff: {
    type: 'object',
    description: 'The address to open; if gateway and NocoBase share an origin, also the session to store first.',
    required: ['location'],
    additionalProperties: false,
    properties: {
      location: { type: 'string', format: 'uri' },
      token: { type: 'string' },
      authenticator: { type: 'string' },
    },
  },
  ExaminationRequest: guarded(examinationRequest),
  ExaminationReport: guarded(examinationReport),
  JwkSet: {
    type: 'object',
    required: ['keys'],
    properties: {
      keys: {
        type: 'array',
        items: {
          type: 'object',
          required: ['kty', 'crv', 'x', 'kid', 'use', 'alg'],
          additionalProperties: false,
          properties: {
            kty: { type: 'string', enum: ['OKP'] },
            crv: { type: 'string', enum: ['Ed25519'] },
            x: { type: 'string', description: 'The public key (RFC 8037).' },
            kid: { type: 'string', description: 'Its thumbprint (RFC 7638).' },
            use: { type: 'string', enum: ['sig'] },
            alg: { type: 'string', enum: ['EdDSA'] },
          },
        },
      },
    },
  },
  Live: {
    type: 'object',
    required: ['status'],
    additionalProperties: false,
    properties: { status: { type: 'string', enum: ['ok'] } },
  },
  Health: {
    type: 'object',
    required: ['status', 'details'],
    properties: {
      status: { type: 'string', enum: ['ok', 'degraded', 'error'] },
      info: parts('The parts that work.'),
      error: parts('The parts that do not work.'),
      details: parts('All parts.'),
    },
  },
  HealthPart: {
    type: 'object',
    required: ['status'],
    properties: {
      status: { type: 'string' },
      reason: { type: 'string', description: 'An error code.' },
      setting: { type: 'string', description: 'The variable, permission or right to check.' },
      trouble: {
        type: 'string',
        description: 'The problem that the companion plugin in NocoBase reports about this gateway.',
      },
    },
  },
};

/** What each code means to a program. People read the page, and operators the handbook. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'the address lacks something that a sign-in needs, or the request is a prefetch',
  invalid_state: 'the sign-in was already completed, took too long, or started in another browser',
  invalid_grant: 'DingTalk no longer accepts its authorization code',
  access_denied: 'the person, or DingTalk, declined',
  organization_not_allowed: 'the person is not a member of an allowed organization',
  user_not_registered: 'no NocoBase user has the mobile number, and auto sign-up is off',
  account_protected: 'the NocoBase user is an administrator and is never linked by mobile number',
  account_locked: 'the person has left the organization, or an administrator locked the account',
  phone_missing: 'DingTalk did not provide a mobile number',
  not_found: 'no such page, or no such authenticator',
  plugin_not_packed: 'the gateway was built without the plugin',
  account_conflict: 'several NocoBase users match, or the account is linked to another person',
  rate_limited: 'too many requests; `Retry-After` says when to retry',
  misconfigured: 'an operator must fix the setting that the message names',
  server_error: 'a defect of the gateway',
  upstream_failed: 'DingTalk or NocoBase returned an unusable response',
  temporarily_unavailable: 'DingTalk, NocoBase or the shared store cannot be reached',
};

/** The responses that follow from a route's error codes: one for each status, with every code that it may contain. */
export function errorAnswers(codes: readonly ErrorCode[]): Record<number, Answer> {
  const answers: Record<number, Answer> = {};
  const statuses = new Set(codes.flatMap(statusesOf));
  for (const status of [...statuses].toSorted((one, other) => one - other)) {
    const here = codes.filter((code) => statusesOf(code).includes(status));
    answers[status] = {
      description: here.map((code) => `\`${code}\`: ${MEANINGS[code]}`).join('; '),
      headers: {
        'X-Request-Id': { description: 'The same as `requestId`.', schema: { type: 'string', format: 'uuid' } },
        ...(status === 429
          ? { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } } }
          : {}),
      },
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Error' } },
        'text/html': { schema: { type: 'string' } },
      },
    };
  }
  return answers;
}

/** An upstream timeout is a 504. */
function statusesOf(code: ErrorCode): number[] {
  return code === 'temporarily_unavailable' ? [ERROR_STATUS[code], 504] : [ERROR_STATUS[code]];
}
