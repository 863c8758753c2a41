/** The people of the demo: those of the sandbox (sandbox/seed.ts), with what NocoBase knows about them beforehand. */
export const NOCOBASE_USERS = [
  { nickname: 'Li Lei (already in NocoBase)', username: 'lilei', phone: '+8613800000001' },
  { nickname: 'Administrator of the demo', username: 'boss', phone: '13800000005', roles: ['member', 'admin'] },
];

export const WHAT_TO_TRY = [
  ['李雷 Li Lei', 'has a NocoBase user with the same mobile number, and is linked to it'],
  ['玛丽 Mary Smith', 'is new, and is registered in NocoBase (auto sign-up is on)'],
  ['韩梅梅 Han Meimei', 'belongs to two organizations: only "Example Ltd" is allowed to sign in'],
  ['赵敏 Zhao Min', 'has no mobile number that DingTalk provides: the error names the permission to grant'],
  ['孙阳 Sun Yang', "has an administrator's number: protected accounts are never linked by phone"],
] as const;
