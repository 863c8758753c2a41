import {
  oapiError,
  REQUEST_IP,
  topapiError,
  topapiGatewayError,
  topapiPermissionDenied,
  invalidAuthentication,
  v1Error,
  v1PermissionDenied,
} from './errors.js';
import type { Answer, Call } from './http.js';
import { errorPage } from './page.js';
import { DEMO_CLIENT_ID } from './seed.js';
import type { Generation } from './state.js';

/** Failures that DingTalk reports differently in each of its API generations. */
export type PlatformFailure =
  | 'qps'
  | 'ip-not-whitelisted'
  | 'permission-denied'
  | 'invalid-token'
  | 'timeout-504'
  | 'busy';

const PAGE_STATUS = {
  qps: 403,
  'ip-not-whitelisted': 403,
  'permission-denied': 403,
  'invalid-token': 400,
  'timeout-504': 504,
  busy: 500,
} as const;

export function platformFailure(kind: PlatformFailure, call: Call, generation: Generation, scope: string): Answer {
  if (generation === 'login') return errorPage(call, PAGE_STATUS[kind], kind);
  return { v1: V1, topapi: TOPAPI, oapi: OAPI }[generation][kind](call, scope);
}

type Answers = Record<PlatformFailure, (call: Call, scope: string) => Answer>;

const IP_MESSAGE = `访问ip不在白名单之中,request ip=${REQUEST_IP} appKey(${DEMO_CLIENT_ID})`;
const QPS_MESSAGE = '应用调用该接口的QPS超过限制';
const TIMEOUT_MESSAGE = 'isp.top-remote-connection-timeout';

// https://open.dingtalk.com/document/development/how-to-process-api-throttling-on-the-dingtalk-server
const V1: Answers = {
  qps: (call) => v1Error(call, 403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', QPS_MESSAGE),
  'ip-not-whitelisted': (call) => v1Error(call, 403, 'Forbidden.AccessDenied.IpNotInWhiteList', IP_MESSAGE),
  'permission-denied': v1PermissionDenied,
  'invalid-token': invalidAuthentication,
  'timeout-504': (call) => v1Error(call, 504, 'GatewayTimeout', 'The gateway timed out while waiting for the service.'),
  busy: (call) => v1Error(call, 500, 'unknownError', '未知错误'),
};

const TOPAPI: Answers = {
  qps: (call) => topapiGatewayError(call, '90018', QPS_MESSAGE),
  'ip-not-whitelisted': (call) => topapiGatewayError(call, '60020', IP_MESSAGE),
  'permission-denied': (call, scope) => topapiPermissionDenied(call, DEMO_CLIENT_ID, scope),
  'invalid-token': (call) => topapiGatewayError(call, '40014', '不合法的access_token'),
  // An upstream timeout is errcode 88 with an empty sub_code.
  'timeout-504': (call) => topapiGatewayError(call, '', TIMEOUT_MESSAGE),
  busy: (call) => topapiError(call, -1, '系统繁忙'),
};

const OAPI: Answers = {
  qps: () => oapiError(90018, QPS_MESSAGE),
  'ip-not-whitelisted': () => oapiError(60020, IP_MESSAGE),
  'permission-denied': (_call, scope) => oapiError(60011, `应用尚未开通所需的权限：[${scope}]`),
  'invalid-token': () => oapiError(40014, '不合法的access_token'),
  'timeout-504': () => oapiError(15, TIMEOUT_MESSAGE),
  busy: () => oapiError(-1, '系统繁忙'),
};
