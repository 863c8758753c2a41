/** The permissions that a watch needs at DingTalk, by purpose, and the pages of the developer console that grant them. */
const PERMISSION = {
  /** https://open.dingtalk.com/document/development/query-user-details */
  members: 'qyapi_get_member',
  /** https://open.dingtalk.com/document/development/query-the-details-of-employees-who-have-left-office */
  records: 'Contact.Common.Read',
  /** A connection needs no permission of its own; its events are selected in the console. */
  stream: undefined,
} as const;

/** An application's permissions have their own page there. */
const GRANT_AT = 'https://open-dev.dingtalk.com/fe/app';

/** @returns undefined if the problem is not a missing permission */
export function permissionFor(
  what: keyof typeof PERMISSION,
  why: string,
): { readonly permission: string; readonly grantAt: string } | undefined {
  const permission = PERMISSION[what];
  return why === 'no_permission' && permission !== undefined ? { permission, grantAt: GRANT_AT } : undefined;
}
