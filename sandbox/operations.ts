/** The names under which requests are recorded and failures are configured. */
export const OPERATIONS = [
  'authorize',
  'consent',
  'widgetScript',
  'userAccessToken',
  'currentUser',
  'authRules',
  'appAccessToken',
  'corpAppAccessToken',
  'getToken',
  'authScopes',
  'getUserInfo',
  'getUser',
  'getByUnionId',
  'getDepartment',
  'listAdministrators',
  'listMembers',
  'leaveRecords',
  'openStream',
] as const;

export type Operation = (typeof OPERATIONS)[number];
