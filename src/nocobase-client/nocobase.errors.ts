import { MissingRightError } from '../core/accounts/index.js';
import { GatewayError, MisconfiguredError } from '../core/errors/index.js';
import { UpstreamBusyError, UpstreamHttpError } from '../upstream/index.js';
import { nocoBaseErrors } from './nocobase-api.types.js';

/** NocoBase says that it wrote a row, but not the one we asked for: nothing of that answer is believed. */
export class UnconfirmedError extends GatewayError {
  constructor(action: string) {
    super('upstream_failed', { detail: `NocoBase ${action}: the answer is about another row` });
  }
}

/** Something between us and NocoBase said no: NocoBase's own refusals carry `errors`. */
export class NotNocoBaseError extends GatewayError {
  constructor(action: string, status: number, cause: unknown) {
    super('upstream_failed', {
      detail:
        `NocoBase ${action}: HTTP ${status} is not NocoBase's answer, a proxy or firewall refused the call; ` +
        'let NOCOBASE_URL lead to NocoBase past it',
      cause,
    });
  }
}

/**
 * What NocoBase's HTTP errors mean to an operator. Others are returned unchanged.
 *
 * @param action `resource:action`, the right that the call needs
 */
export function translate(error: unknown, action: string): unknown {
  if (!(error instanceof UpstreamHttpError)) return error;
  const errors = nocoBaseErrors(error.body);
  const refused = error.httpStatus === 401 || error.httpStatus === 403;
  if (refused && errors.length === 0) return new NotNocoBaseError(action, error.httpStatus, error);
  const codes = errors.flatMap(({ code }) => code ?? []).join(', ');
  const said = codes === '' ? '' : ` (${codes})`;
  switch (error.httpStatus) {
    case 401:
      return new MisconfiguredError('NOCOBASE_API_TOKEN', `NocoBase refuses the API key on ${action}${said}`, error);
    case 403:
      return new MissingRightError(action, `the API key's role lacks a right${said}`, error);
    case 503:
      return new UpstreamBusyError(error.call, 'HTTP 503, NocoBase is starting or overloaded');
    default:
      return error;
  }
}
