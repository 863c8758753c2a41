import { GatewayError, MisconfiguredError } from '../errors/index.js';
import { UpstreamBusyError, UpstreamHttpError } from '../upstream/index.js';
import { dingTalkErrorCode } from './dingtalk-api.types.js';

/** DingTalk does not know the authorization code: it was used, is too old, or belongs to another application. */
export class InvalidGrantError extends GatewayError {
  constructor(code: string) {
    super('invalid_grant', { detail: `DingTalk refuses the authorization code (${code})` });
  }
}

/**
 * What DingTalk's error codes mean to a person or an operator. Others are returned unchanged. The code is looked at,
 * not the status: throttling is a 403 like a missing permission, a bad token a 400.
 * https://open.dingtalk.com/document/development/server-api-error-codes-1
 *
 * @param permission what an administrator must grant for this call
 */
export function translate(error: unknown, permission?: string): unknown {
  if (!(error instanceof UpstreamHttpError)) return error;
  const code = dingTalkErrorCode(error.body);
  switch (code) {
    case undefined:
      return error;
    case 'invalidParameter.authCode.notFound':
    case 'invalidCode':
      return new InvalidGrantError(code);
    case 'invalidClientIdOrSecret':
    case 'unauthorized.client':
      return new MisconfiguredError('DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET', `DingTalk: ${code}`, error);
    case 'Forbidden.AccessDenied.IpNotInWhiteList':
      return new MisconfiguredError('DingTalk: server egress IP', `DingTalk: ${code}`, error);
    case 'Forbidden.AccessDenied.AccessTokenPermissionDenied':
      return new MisconfiguredError(`DingTalk: ${permission ?? 'permissions'}`, `DingTalk: ${code}`, error);
    default:
      return code.startsWith('Forbidden.AccessDenied.Qps') ? new UpstreamBusyError(error.call, code) : error;
  }
}
