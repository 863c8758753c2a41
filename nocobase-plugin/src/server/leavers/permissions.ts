/** What a watch asks for at DingTalk, by what needs it, and the page of the developer console where it is granted. */
const PERMISSION = {
  /** https://open.dingtalk.com/document/development/query-user-details */
  members: 'qyapi_get_member',
  /** https://open.dingtalk.com/document/development/query-the-details-of-employees-who-have-left-office */
  records: 'Contact.Common.Read',
  /** A connection needs none of its own; its events are ticked in the console. */
  stream: undefined,
} as const;

/** Permissions of an application stand on its own page there. */
const GRANT_AT = 'https://open-dev.dingtalk.com/fe/app';

/** @returns undefined where no permission is what is missing */
export function permissionFor(
  what: keyof typeof PERMISSION,
  why: string,
): { readonly permission: string; readonly grantAt: string } | undefined {
  const permission = PERMISSION[what];
  return why === 'no_permission' && permission !== undefined ? { permission, grantAt: GRANT_AT } : undefined;
}
