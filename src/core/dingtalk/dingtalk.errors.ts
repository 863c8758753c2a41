import { GatewayError, MisconfiguredError } from '../errors/index.js';
import { type FailedCall, UpstreamBusyError, UpstreamHttpError, UpstreamPlatformError } from '../upstream/index.js';
import { dingTalkErrorCode } from './dingtalk-api.types.js';
import { DETAIL, SETTING } from '../texts/index.js';

/** DingTalk does not accept the authorization code: it was used, has expired, or belongs to another application. */
export class InvalidGrantError extends GatewayError {
  /** @param reference DingTalk's code and request id, safe to log */
  constructor(reference: string) {
    super('invalid_grant', { detail: DETAIL.dingtalk.refusesCode(reference).en });
  }
}

/** The calls that take a code. */
const EXCHANGES = new Set(['userAccessToken', 'inAppUser']);

/**
 * Whether DingTalk refused a code, in any wording: it documents only some codes, and an unusual code may get another
 * one. An error that says that DingTalk is busy or failing is no refusal.
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

/** DingTalk no longer accepts the application's access token. People never see this: a new token is requested. */
export class StaleAppTokenError extends GatewayError {
  constructor(reference = DETAIL.dingtalk.noReference.en) {
    super('upstream_failed', { detail: DETAIL.dingtalk.refusesFreshToken(reference).en });
  }
}

/**
 * The meaning of the codes in a response of the older API. `reference` is for the log: the code, and the request's id.
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
    // An 88 without an inner code is a timeout behind DingTalk's gateway.
    case 88:
    case 90002:
    case 90018:
      return new UpstreamBusyError(call, detail);
    default:
      return new UpstreamPlatformError(call, reference);
  }
}

/**
 * Whether DingTalk says that the application belongs to another organization, or that the organization does not exist
 * (`unknownError`, as observed).
 */
export function notOfOrganization(error: UpstreamHttpError): NotAMemberError | undefined {
  const code = dingTalkErrorCode(error.body);
  return code === 'unauthorized.client' || code === 'unknownError'
    ? new NotAMemberError(DETAIL.dingtalk.notOfOrganization(error.reference ?? code).en)
    : undefined;
}

/**
 * The meaning of DingTalk's error codes to a person or an operator. Other errors are returned unchanged. The code
 * decides, not the status: throttling is a 403 like a missing permission, an invalid token a 400.
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
