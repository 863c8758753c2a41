/** Permission codes that an application can be granted; the last two are the field permissions of topapi/v2/user/get. */
export const PERMISSIONS = [
  'Contact.User.Read',
  'Contact.User.mobile',
  'qyapi_base',
  'qyapi_get_member',
  'qyapi_get_department_list',
  'qyapi_get_department_member',
  'Contact.Common.Read',
  'fieldMobile',
  'fieldEmail',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Organization {
  corpId: string;
  name: string;
  nameEn: string;
  /** By id; 1 is the organization itself, which always exists. */
  departments: Record<number, string>;
}

export interface Membership {
  corpId: string;
  userId: string;
  /** The account has been activated. */
  active: boolean;
  admin: boolean;
  /** 0 employee, 1 external contact (topapi/user/getbyunionid). */
  contactType: 0 | 1;
  /** Inside the application's contact scope. */
  visible: boolean;
  /** Left out of listings unless requested (`contain_access_limit`). */
  restricted: boolean;
  deptIds: number[];
  title?: string | undefined;
  jobNumber?: string | undefined;
  orgEmail?: string | undefined;
}

export interface Person {
  id: string;
  name: string;
  nameEn: string;
  nick: string;
  mobile?: string | undefined;
  /** Country code without `+`. */
  stateCode?: string | undefined;
  email?: string | undefined;
  avatarUrl?: string | undefined;
  visitor: boolean;
  /** How often the account was migrated: each time its unionIds changed. */
  migrations: number;
  memberships: Membership[];
}

/** How a person left: https://open.dingtalk.com/document/development/query-the-details-of-employees-who-have-left-office */
export const LEAVE_REASONS = ['oapi', 'cancel', 'leave', 'delete', 'unknown'] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];

/** A former member of an organization; their attributes are kept for their return. */
export interface Departure {
  personId: string;
  membership: Membership;
  reason: LeaveReason;
  /** In ms since 1970, by the sandbox's clock. */
  at: number;
}

/** How `topapi/v2/user/get` answers for a person who has left; which one DingTalk uses is not documented. */
export const GONE_CODES = [60121, 33012] as const;
export type GoneCode = (typeof GONE_CODES)[number];

/** What an application may see of its organization: whole departments, and individual people by userid. */
export interface ContactScope {
  departments: number[];
  userIds: string[];
}

/** A change that DingTalk reports. */
export interface StaffChange {
  type: 'user_leave_org' | 'user_add_org' | 'user_active_org';
  corpId: string;
  userIds: string[];
}

export interface App {
  clientId: string;
  clientSecret: string;
  name: string;
  /** The organization that develops the application: unionIds belong to it, and an internal app serves only its people. */
  corpId: string;
  internal: boolean;
  redirectUris: string[];
  redirectMatch: 'exact' | 'origin';
  /** DingTalk itself rejects outsiders of an internal application; if this is on, the application has to. */
  letOutsidersThrough: boolean;
  /** Third-party applications receive `155****3240`. */
  maskMobile: boolean;
  /** The contact range of the console, beside each membership's `visible`. */
  scope: ContactScope;
  permissions: Record<Permission, boolean>;
}

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

export type NewOrganization = Pick<Organization, 'corpId' | 'name'> & Optional<Organization>;
export type NewMembership = Pick<Membership, 'corpId'> & Optional<Membership>;
export type NewPerson = Pick<Person, 'id' | 'name'> &
  Optional<Omit<Person, 'memberships'>> & { memberships?: NewMembership[] | undefined };
export type NewApp = Pick<App, 'clientId' | 'clientSecret' | 'corpId'> &
  Optional<Omit<App, 'permissions'>> & { permissions?: Optional<Record<Permission, boolean>> | undefined };
