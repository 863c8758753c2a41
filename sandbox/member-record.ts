import type { App, Membership, Person } from './world.types.js';

/**
 * The `result` of topapi/v2/user/get. Numbers and booleans are not strings, and keys without a value are left out: the strings in
 * the documentation's samples are an artefact of the documentation.
 */
export function memberRecord(app: App, person: Person, membership: Membership, unionId: string): object {
  const { fieldMobile, fieldEmail } = app.permissions;
  return {
    userid: membership.userId,
    unionid: unionId,
    name: person.name,
    ...(person.avatarUrl && { avatar: person.avatarUrl }),
    ...(fieldMobile && person.mobile && { mobile: person.mobile, state_code: person.stateCode }),
    ...(fieldEmail && person.email && { email: person.email }),
    ...(membership.orgEmail && { org_email: membership.orgEmail }),
    ...(membership.title && { title: membership.title }),
    ...(membership.jobNumber && { job_number: membership.jobNumber }),
    active: membership.active,
    admin: membership.admin,
    boss: false,
    senior: false,
    hide_mobile: false,
    exclusive_account: false,
    real_authed: true,
    dept_id_list: membership.deptIds,
    dept_order_list: membership.deptIds.map((deptId) => ({ dept_id: deptId, order: 1 })),
    leader_in_dept: membership.deptIds.map((deptId) => ({ dept_id: deptId, leader: membership.admin })),
  };
}
