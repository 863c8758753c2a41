import { GatewayError, MisconfiguredError } from '../errors/index.js';
import { type FailedCall, UpstreamBusyError, UpstreamHttpError, UpstreamPlatformError } from '../upstream/index.js';
import { dingTalkErrorCode } from './dingtalk-api.types.js';
import { DETAIL, SETTING } from '../texts/index.js';

/** DingTalk does not know the authorization code: it was used, is too old, or belongs to another application. */
export class InvalidGrantError extends GatewayError {
  /** @param reference DingTalk's code and request id, safe to log */
  constructor(reference: string) {
    super('invalid_grant', { detail: DETAIL.dingtalk.refusesCode(reference).en });
  }
}

/** The calls that take a code. */
const EXCHANGES = new Set(['userAccessToken', 'inAppUser']);

/**
 * Whether DingTalk has refused a code, in whatever words: it documents a few, and an odd code may get another. What says
 * that DingTalk is busy or in trouble is no refusal.
 */
export function isRefusedCode(error: unknown): boolean {
  if (error instanceof InvalidGrantError) return true;
  const refused =
    error instanceof UpstreamPlatformError ||
    (error instanceof UpstreamHttpError && error.httpStatus >= 400 && error.httpStatus < 500);
  return refused && EXCHANGES.has(error.call.operation);
}

/** The person is not an active employee of the application's organization. */
export class NotAMemberError extends GatewayError {
  constructor(detail: string) {
    super('organization_not_allowed', { detail });
  }
}

/** DingTalk does not know the application's access token any more. It never reaches a person: a new one is asked for. */
export class StaleAppTokenError extends GatewayError {
  constructor(reference = DETAIL.dingtalk.noReference.en) {
    super('upstream_failed', { detail: DETAIL.dingtalk.refusesFreshToken(reference).en });
  }
}

/**
 * What the codes inside an answer of the older API mean. `reference` is for the log: the code, and the request's id.
 * https://open.dingtalk.com/document/development/server-api-error-codes-1
 */
export function platformError(
  call: FailedCall,
  code: number,
  permission: string,
  reference = String(code),
): GatewayError {
  const detail = DETAIL.dingtalk.said(reference).en;
  switch (code) {
    case 60121:
    case 33012:
      return new NotAMemberError(detail);
    case 40014:
    case 42001:
      return new StaleAppTokenError(reference);
    case 40029:
    case 40078:
    case 41026:
      return new InvalidGrantError(reference);
    case 40079:
      return new MisconfiguredError(SETTING.visibleRange.en, detail);
    case 60011:
      return new MisconfiguredError(SETTING.permission(permission).en, detail);
    case 60020:
      return new MisconfiguredError(SETTING.egressIp.en, detail);
    case 50002:
    case 50004:
      return new MisconfiguredError(SETTING.contactScope.en, detail);
    case -1:
    case 15:
    // An 88 with nothing inside is a time-out behind DingTalk's gateway.
    case 88:
    case 90002:
    case 90018:
      return new UpstreamBusyError(call, detail);
    default:
      return new UpstreamPlatformError(call, reference);
  }
}

/**
 * Whether DingTalk says that the application is of another organization, or that there is no such organization
 * (`unknownError`, as it answered when asked).
 */
export function notOfOrganization(error: UpstreamHttpError): NotAMemberError | undefined {
  const code = dingTalkErrorCode(error.body);
  return code === 'unauthorized.client' || code === 'unknownError'
    ? new NotAMemberError(DETAIL.dingtalk.notOfOrganization(error.reference ?? code).en)
    : undefined;
}

/**
 * What DingTalk's error codes mean to a person or an operator. Others are returned unchanged. The code is looked at,
 * not the status: throttling is a 403 like a missing permission, a bad token a 400.
 * https://open.dingtalk.com/document/development/server-api-error-codes-1
 *
 * @param permission what an administrator must grant for this call
 */
export function translate(error: UpstreamHttpError, permission?: string): GatewayError {
  const code = dingTalkErrorCode(error.body);
  const reference = error.reference ?? DETAIL.dingtalk.noReference.en;
  const detail = DETAIL.dingtalk.said(reference).en;
  switch (code) {
    case undefined:
      return error;
    case 'invalidParameter.authCode.notFound':
    case 'invalidCode':
      return new InvalidGrantError(reference);
    case 'invalidClientIdOrSecret':
    case 'invalid.client':
    case 'unauthorized.client':
      return new MisconfiguredError('DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET', detail, error);
    case 'Forbidden.AccessDenied.IpNotInWhiteList':
      return new MisconfiguredError(SETTING.egressIp.en, detail, error);
    case 'Forbidden.AccessDenied.AccessTokenPermissionDenied':
      return new MisconfiguredError(SETTING.permission(permission ?? 'permissions').en, detail, error);
    default:
      return code.startsWith('Forbidden.AccessDenied.Qps') ? new UpstreamBusyError(error.call, reference) : error;
  }
}
