export { type AppToken, type AppTokenStore, unshared } from './app-token-store.js';
export { CODE_PATTERN, isCode } from './authorization-code.js';
export {
  appAccessToken,
  dingTalkErrorCode,
  effectiveCode,
  envelope,
  errorReference,
  member,
  organizationToken,
} from './dingtalk-api.types.js';
export { type DingTalkCallback, isAnswer, readCallback, stateIn } from './dingtalk-callback.js';
export {
  ACCESS_TOKEN_HEADER,
  LEAVE_RECORDS_PATH,
  MEMBER_PATH,
  PERMISSION,
  SIGN_IN_BUDGET_MS,
  USER_BY_UNION_ID_PATH,
} from './dingtalk.constants.js';
export {
  type Authenticated,
  DingTalkFlow,
  type FlowObserver,
  type InAppCode,
  type SignInRequest,
} from './dingtalk-flow.js';
export { type Clock, systemClock } from './clock.js';
export { DingTalkDirectory } from './directory.js';
export type {
  Directory,
  EmployeeAnswer,
  GoneCode,
  LeaveRecord,
  LeaveRecords,
  MemberAnswer,
  Questions,
} from './directory.types.js';
export type { DingTalkOptions } from './dingtalk-options.js';
export {
  appAccessTokenRequest,
  type DingTalkRequest,
  organizationTokenRequest,
  streamRequest,
  topapiRequest,
} from './dingtalk-requests.js';
export { endingTransaction } from './ending-transaction.js';
export type { MemberIds, Members } from './members.js';
export { Pace, Paces, type Urgency } from './pace.js';
export { StaleAppTokenError } from './dingtalk.errors.js';
export { authorizationUrl, DingTalk, type DingTalkHost, partsOf } from './dingtalk.js';
