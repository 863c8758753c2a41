import type { World } from './world.js';

export const DEMO_CLIENT_ID = 'dingsandboxapp';
export const DEMO_CLIENT_SECRET = 'sandbox-secret-not-real';
export const DEMO_CORP_ID = 'dingcorp1';
export const OTHER_CORP_ID = 'dingcorp2';

/** The demo's world. Each person is a case that a sign-in has to handle correctly; all of them are invented. */
export function seedWorld(world: World): void {
  world.addOrganization({
    corpId: DEMO_CORP_ID,
    name: '示例公司',
    nameEn: 'Example Ltd',
    departments: { 2: '销售部', 3: '华东区' },
  });
  world.addOrganization({ corpId: OTHER_CORP_ID, name: '另一家公司', nameEn: 'Another Ltd' });
  world.addApp({
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    name: 'NocoBase',
    corpId: DEMO_CORP_ID,
  });
  world.addPerson({
    id: 'li-lei',
    name: '李雷',
    nameEn: 'Li Lei',
    mobile: '13800000001',
    stateCode: '86',
    email: 'li.lei@example.com',
    avatarUrl: 'https://static.example.com/avatar/li-lei.png',
    memberships: [
      {
        corpId: DEMO_CORP_ID,
        admin: true,
        title: '经理 Manager',
        jobNumber: '0001',
        orgEmail: 'li.lei@corp.example.com',
      },
    ],
  });
  world.addPerson({
    id: 'mary',
    name: '玛丽',
    nameEn: 'Mary Smith',
    mobile: '2025550143',
    stateCode: '1',
    memberships: [{ corpId: DEMO_CORP_ID, title: '销售 Sales', jobNumber: '0002' }],
  });
  world.addPerson({
    id: 'zhao-min',
    name: '赵敏',
    nameEn: 'Zhao Min',
    memberships: [{ corpId: DEMO_CORP_ID, title: '没有手机号 No mobile', jobNumber: '0003' }],
  });
  world.addPerson({
    id: 'han-meimei',
    name: '韩梅梅',
    nameEn: 'Han Meimei',
    mobile: '13800000004',
    stateCode: '86',
    memberships: [
      { corpId: DEMO_CORP_ID, title: '设计 Design', jobNumber: '0004' },
      { corpId: OTHER_CORP_ID, title: '顾问 Consultant', jobNumber: '7004' },
    ],
  });
  world.addPerson({
    id: 'sun-yang',
    name: '孙阳',
    nameEn: 'Sun Yang',
    mobile: '13800000005',
    stateCode: '86',
    memberships: [{ corpId: DEMO_CORP_ID, active: false, title: '未激活 Inactive', jobNumber: '0005' }],
  });
  world.addPerson({
    id: 'zhou-tao',
    name: '周涛',
    nameEn: 'Zhou Tao',
    mobile: '13800000006',
    stateCode: '86',
  });
  world.addPerson({
    id: 'wu-fang',
    name: '吴芳',
    nameEn: 'Wu Fang',
    mobile: '13800000007',
    stateCode: '86',
    memberships: [{ corpId: DEMO_CORP_ID, contactType: 1, title: '外部联系人 External contact' }],
  });
}

export interface Crowd {
  corpId: string;
  count: number;
  /** Their ids consist of this and a number from 0. */
  prefix?: string | undefined;
}

/** Many invented people, always the same. */
export function addCrowd(world: World, { corpId, count, prefix = 'crowd' }: Crowd): void {
  for (let number = 0; number < count; number += 1) {
    world.addPerson({ id: `${prefix}-${number}`, name: `${prefix} ${number}`, memberships: [{ corpId }] });
  }
}
