/** https://open.dingtalk.com/document/development/obtain-identity-credentials */
export const AUTHORIZE_PATH = '/oauth2/auth';

/** https://open.dingtalk.com/document/development/obtain-user-token */
export const USER_ACCESS_TOKEN_PATH = '/v1.0/oauth2/userAccessToken';

/** https://open.dingtalk.com/document/development/dingtalk-retrieve-user-information */
export const CURRENT_USER_PATH = '/v1.0/contact/users/me';

/** https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app */
export const APP_ACCESS_TOKEN_PATH = '/v1.0/oauth2/accessToken';

/** https://open.dingtalk.com/document/development/api-gettoken */
export const ORGANIZATION_TOKEN_PATH = (corpId: string): string => `/v1.0/oauth2/${encodeURIComponent(corpId)}/token`;

/** https://open.dingtalk.com/document/development/query-a-user-by-the-union-id */
export const USER_BY_UNION_ID_PATH = '/topapi/user/getbyunionid';

/** `contact_type` of an employee there; 1 is an external contact. */
export const EMPLOYEE = 0;

/** https://open.dingtalk.com/document/development/obtain-the-userid-of-a-user-by-using-the-log-free */
export const IN_APP_USER_PATH = '/topapi/v2/user/getuserinfo';

/** https://open.dingtalk.com/document/development/query-department-details0-v2 */
export const DEPARTMENT_PATH = '/topapi/v2/department/get';

/** https://open.dingtalk.com/document/development/query-user-details */
export const MEMBER_PATH = '/topapi/v2/user/get';

/** https://open.dingtalk.com/document/development/query-the-administrator-list */
export const ADMINISTRATORS_PATH = '/topapi/user/listadmin';

/** https://open.dingtalk.com/document/development/query-the-details-of-employees-who-have-left-office */
export const STREAM_PATH = '/v1.0/gateway/connections/open';
export const LEAVE_RECORDS_PATH = '/v1.0/contact/empLeaveRecords';

/** https://open.dingtalk.com/document/development/obtain-corpsecret-authorization-scope */
export const SCOPES_PATH = '/auth/scopes';

/** DingTalk reads the token only from this header; a Bearer header is refused. */
export const ACCESS_TOKEN_HEADER = 'x-acs-dingtalk-access-token';

/** Permissions that an administrator grants in the developer console, Permission management. */
export const PERMISSION = {
  basic: 'qyapi_base',
  profile: 'Contact.User.Read',
  mobile: 'Contact.User.mobile',
  member: 'qyapi_get_member',
  departments: 'qyapi_get_department_list',
  leaveRecords: 'Contact.Common.Read',
  memberMobile: 'qyapi_get_member, employee mobile number (fieldMobile)',
} as const;

/** Time budget for all calls of one sign-in: the longest that a person waits in front of a blank page. */
export const SIGN_IN_BUDGET_MS = 15_000;
