import { MissingRightError } from '../core/accounts/index.js';
import { GatewayError, MisconfiguredError } from '../core/errors/index.js';
import { UpstreamBusyError, UpstreamHttpError } from '../core/upstream/index.js';
import { nocoBaseErrors } from './nocobase-api.types.js';
import { DETAIL } from '../core/texts/index.js';

/** NocoBase says that it wrote a record, but not the requested one: that response is not trusted. */
export class UnconfirmedError extends GatewayError {
  constructor(action: string) {
    super('upstream_failed', { detail: DETAIL.nocobase.anotherRow(action).en });
  }
}

/** Something between us and NocoBase refused the call: NocoBase's own refusals contain `errors`. */
export class NotNocoBaseError extends GatewayError {
  constructor(action: string, status: number, cause: unknown) {
    super('upstream_failed', {
      detail: DETAIL.nocobase.notNocoBase(action, status).en,
      cause,
    });
  }
}

/**
 * The meaning of NocoBase's HTTP errors to an operator. Other errors are returned unchanged.
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
      return new MisconfiguredError('NOCOBASE_API_TOKEN', DETAIL.nocobase.refusesKey(action, said).en, error);
    case 403:
      return new MissingRightError(action, DETAIL.nocobase.lacksRight(said).en, error);
    case 503:
      return new UpstreamBusyError(error.call, DETAIL.nocobase.starting.en);
    default:
      return error;
  }
}
