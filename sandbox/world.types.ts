/** Permission codes an application can be granted; the last two are the field permissions of topapi/v2/user/get. */
export const PERMISSIONS = [
  'Contact.User.Read',
  'Contact.User.mobile',
  'qyapi_base',
  'qyapi_get_member',
  'qyapi_get_department_list',
  'fieldMobile',
  'fieldEmail',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Organization {
  corpId: string;
  name: string;
  nameEn: string;
  /** By id; 1 is the organization itself, and every organization has it. */
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
  /** Inside the contact scope that the application was given. */
  visible: boolean;
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
  memberships: Membership[];
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
  /** DingTalk stops outsiders of an internal app itself; switched on, the application has to. */
  letOutsidersThrough: boolean;
  /** Third-party applications get `155****3240`. */
  maskMobile: boolean;
  permissions: Record<Permission, boolean>;
}

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

export type NewOrganization = Pick<Organization, 'corpId' | 'name'> & Optional<Organization>;
export type NewMembership = Pick<Membership, 'corpId'> & Optional<Membership>;
export type NewPerson = Pick<Person, 'id' | 'name'> &
  Optional<Omit<Person, 'memberships'>> & { memberships?: NewMembership[] | undefined };
export type NewApp = Pick<App, 'clientId' | 'clientSecret' | 'corpId'> &
  Optional<Omit<App, 'permissions'>> & { permissions?: Optional<Record<Permission, boolean>> | undefined };
