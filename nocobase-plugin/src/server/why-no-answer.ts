import type { Context } from '@nocobase/server';
import { PublicError } from './sign-in.errors.js';

/** Something answered, but not like the gateway. */
export class UnexpectedAnswerError extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}

/** What the administrator can do about it; each has a sentence in `locale/*.json`. */
type Cause =
  | 'gateway_certificate'
  | 'gateway_name_unknown'
  | 'gateway_refuses'
  | 'gateway_silent'
  | 'gateway_not_found'
  | 'gateway_other_answer'
  | 'gateway_unreachable';

/** https://nodejs.org/api/errors.html#common-system-errors and #openssl-error-codes */
const CAUSES: readonly (readonly [codes: RegExp, cause: Cause])[] = [
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/, 'gateway_certificate'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'gateway_name_unknown'],
  [/^ECONNREFUSED$/, 'gateway_refuses'],
  [/TIMEDOUT|TIMEOUT|^E(?:HOST|NET)UNREACH$/, 'gateway_silent'],
  [/^HTTP 404$/, 'gateway_not_found'],
  [/^HTTP /, 'gateway_other_answer'],
];

/** Why a request to the gateway got no useful answer: a code that can be looked up, and never the content of the answer. */
export function codeOf(error: unknown): string {
  if (error instanceof UnexpectedAnswerError) return error.message;
  const cause = property(error, 'cause');
  const codes = [property(cause, 'code'), property(error, 'code')];
  const code = codes.find((one) => typeof one === 'string' && /^[A-Z][A-Z\d_]{2,63}$/.test(one));
  if (typeof code === 'string') return code;
  if (property(error, 'name') === 'TimeoutError') return 'ETIMEDOUT';
  return /redirect/.test(String(property(cause, 'message'))) ? 'HTTP 3xx' : 'no answer';
}

/**
 * The same for the administrator who asked: code, address and advice.
 *
 * @param address the address that was requested
 */
export function noAnswer(context: Context, address: string, error: unknown): PublicError {
  const code = codeOf(error);
  const [, cause] = CAUSES.find(([codes]) => codes.test(code)) ?? [undefined, 'gateway_unreachable'];
  return new PublicError(502, cause, (text, options) =>
    context.t(text, options).split('{address}').join(address).split('{code}').join(code),
  );
}

function property(value: unknown, name: string): unknown {
  return Reflect.get(Object(value) as object, name);
}
