import { MissingRightError } from '../accounts/index.js';
import { GatewayError, MisconfiguredError } from '../errors/index.js';
import { UpstreamBusyError, UpstreamHttpError } from '../upstream/index.js';
import { nocoBaseErrors } from './nocobase-api.types.js';

/** NocoBase says that it wrote a row, but not the one we asked for: nothing of that answer is believed. */
export class UnconfirmedError extends GatewayError {
  constructor(action: string) {
    super('upstream_failed', { detail: `NocoBase ${action}: the answer is about another row` });
  }
}

/**
 * What NocoBase's HTTP errors mean to an operator. Others are returned unchanged.
 *
 * @param action `resource:action`, the right that the call needs
 */
export function translate(error: unknown, action: string): unknown {
  if (!(error instanceof UpstreamHttpError)) return error;
  const codes = nocoBaseErrors(error.body).flatMap(({ code }) => code ?? []);
  const said = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
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
