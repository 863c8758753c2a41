import { jsonAnswer, type Answer, type Call } from './http.js';

export const REQUEST_IP = '203.0.113.7';

/** An error of api.dingtalk.com: a real HTTP status, and a bare object with lower-case `requestid`. */
export function v1Error(call: Call, status: number, code: string, message: string, detail?: object): Answer {
  const body = { code, requestid: call.requestId, message, ...(detail && { accessdenieddetail: detail }) };
  return jsonAnswer(status, body, code);
}

// https://open.dingtalk.com/document/development/server-api-error-codes-1
export const invalidAuthentication = (call: Call): Answer =>
  v1Error(call, 400, 'InvalidAuthentication', '不合法的access_token');

export const missingTokenHeader = (call: Call): Answer =>
  v1Error(call, 400, 'AuthenticationFailed.MissingParameter', '缺少参数：x-acs-dingtalk-access-token');

// https://github.com/aliyun/alibabacloud-go-sdk/issues/5
export const unknownV1Api = (call: Call): Answer =>
  v1Error(call, 404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.');

/** `body`, or the first required field that is absent. The code for a field is inferred from the one for the body. */
export const missingField = (call: Call, field: string): Answer =>
  v1Error(call, 400, `Missing${field}`, `${field} is mandatory for this action.`);

// https://open-dingtalk.github.io/developerpedia/docs/develop/best-practices/permission-deny
export const v1PermissionDenied = (call: Call, scope: string): Answer =>
  v1Error(
    call,
    403,
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    '没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission',
    { requiredScopes: [scope] },
  );

/** A legacy answer is always HTTP 200; the outcome is in `errcode`. */
export function legacyAnswer(body: { errcode: number; errmsg: string } & Record<string, unknown>): Answer {
  return jsonAnswer(200, body, body.errcode === 0 ? 'ok' : String(body.errcode));
}

export const legacyOk = (call: Call, result: object): Answer =>
  legacyAnswer({ errcode: 0, errmsg: 'ok', result, request_id: legacyRequestId(call) });

/** A business error of topapi: the bare code. */
export const topapiError = (call: Call, errcode: number, errmsg: string): Answer =>
  legacyAnswer({ errcode, errmsg, request_id: legacyRequestId(call) });

/** An error of the gateway before topapi: errcode 88, the actual code only in `sub_code` and in the text. */
export const topapiGatewayError = (call: Call, subCode: string, subMessage: string): Answer => ({
  ...legacyAnswer({
    errcode: 88,
    sub_code: subCode,
    sub_msg: subMessage,
    errmsg: `ding talk error[subcode=${subCode},submsg=${subMessage}]`,
    request_id: legacyRequestId(call),
  }),
  code: `88/${subCode}`,
});

export const topapiPermissionDenied = (call: Call, clientId: string, scope: string): Answer =>
  topapiGatewayError(
    call,
    '60011',
    `应用尚未开通所需的权限：[${scope}]，点击链接申请并开通即可：` +
      `https://open-dev.dingtalk.com/appscope/apply?content=${clientId}%23${scope}, {requiredScopes=[${scope}]}`,
  );

export function unknownTopapi(call: Call): Answer {
  const name = `dingtalk.oapi.${call.path.replace('/topapi/', '').replaceAll('/', '.')}`;
  const message = `不合法ApiName，ApiName = ${name}`;
  return legacyAnswer({
    errcode: 22,
    errmsg: `Invalid method[submsg=${message}]`,
    sub_msg: message,
    request_id: legacyRequestId(call),
  });
}

export const unknownAddress = (): Answer => legacyAnswer({ errcode: 404, errmsg: '请求的URI地址不存在' });

/** Outside topapi there is no envelope and no request id. */
export const oapiError = (errcode: number, errmsg: string): Answer => legacyAnswer({ errcode, errmsg });

/** 12 lower-case base36 characters. */
function legacyRequestId(call: Call): string {
  return BigInt(`0x${call.requestId.replaceAll('-', '')}`)
    .toString(36)
    .slice(0, 12);
}
