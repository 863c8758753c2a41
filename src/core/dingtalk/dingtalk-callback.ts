import { InvalidRequestError } from '../errors/index.js';
import { InvalidStateError, STATE_PATTERN } from '../sign-in/index.js';
import { isCode } from './authorization-code.js';
import { DETAIL } from '../texts/index.js';

/** An authorization response (RFC 6749 section 4.1.2), its shape checked. */
export type DingTalkCallback =
  | { readonly kind: 'code'; readonly state: string; readonly code: string }
  | { readonly kind: 'denied'; readonly state: string };

/**
 * Reads `code` and `authCode` (DingTalk sends either or both), `state` and `error` from the query. Unknown parameters
 * are ignored, as RFC 6749 section 4.1.2 requires; repeated ones are refused, as section 3.1 requires.
 *
 * @param codePattern of the codes, if the operator has a stricter one than DingTalk documents
 * @throws InvalidRequestError, InvalidStateError
 */
export function readCallback(query: unknown, codePattern?: RegExp): DingTalkCallback {
  // Refuses a repeated state, which `stateIn` only ignores.
  parameter(query, 'state');
  const state = stateIn(query);
  const codes = new Set([parameter(query, 'code'), parameter(query, 'authCode')].filter((code) => code !== undefined));
  const error = parameter(query, 'error');
  if (state === undefined) throw new InvalidStateError(DETAIL.dingtalk.noState.en);
  // Whatever `error` says, it is a refusal: DingTalk does not document the values.
  if (error !== undefined) return { kind: 'denied', state };
  const [code, another] = codes;
  if (code === undefined || another !== undefined || !isCode(code, codePattern)) {
    throw new InvalidRequestError(DETAIL.dingtalk.noCode.en);
  }
  return { kind: 'code', state, code };
}

/** Whether the query is a response from DingTalk, even a malformed one. */
export function isAnswer(query: unknown): boolean {
  return ['code', 'authCode', 'state', 'error'].some((name) => valueOf(query, name) !== undefined);
}

/** The one well-formed state of a query; undefined if there is none. */
export function stateIn(query: unknown): string | undefined {
  const state = valueOf(query, 'state');
  return typeof state === 'string' && STATE_PATTERN.test(state) ? state : undefined;
}

function parameter(query: unknown, name: string): string | undefined {
  const value = valueOf(query, name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new InvalidRequestError(DETAIL.dingtalk.repeated(name).en);
  return value;
}

function valueOf(query: unknown, name: string): unknown {
  return query !== null && typeof query === 'object' ? Reflect.get(query, name) : undefined;
}
