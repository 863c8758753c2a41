/** The sandbox's people (sandbox/seed.ts) whom NocoBase knows beforehand. */
export const NOCOBASE_USERS = [
  { nickname: 'Li Lei (already in NocoBase)', username: 'lilei', phone: '+8613800000001' },
  { nickname: 'Administrator of the demo', username: 'boss', phone: '13800000005', roles: ['member', 'admin'] },
];
