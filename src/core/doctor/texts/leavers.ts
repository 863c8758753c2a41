import { text } from '../../texts/index.js';
import { MEMBER_PERMISSION } from './dingtalk.js';

/** About the requirements for noticing that people left the organization. */
export const LEAVERS = {
  membersTitle: text('Leavers: permission qyapi_get_member', '离职：权限 qyapi_get_member（成员信息读权限）'),
  membersGranted: text('granted: DingTalk can be asked who is in the organization', '已开通：可查询人员是否在组织中'),
  membersMissing: text(
    'not granted, or not published (60011): people who leave are not noticed',
    '未开通或未发布（60011）：无法发现离职人员',
  ),
  addressRefusedFirst: text(
    'not tested: DingTalk refuses this server’s address first',
    '未检查：钉钉先拒绝了本服务器的地址',
  ),
  membersNotSaid: MEMBER_PERMISSION.notSaid,
  grantMembers: text(
    'open-dev.dingtalk.com, your application, Permission management: grant qyapi_get_member (member information), and include everyone who signs in in the contact scope; then Version management: publish.',
    'open-dev.dingtalk.com → 您的应用 → 权限管理：开通 qyapi_get_member（成员信息读权限），并使通讯录权限范围包含所有需要登录的人；然后在“版本管理与发布”发布。',
  ),

  recordsTitle: text('Leavers: permission Contact.Common.Read', '离职：权限 Contact.Common.Read（离职记录）'),
  recordsGranted: text('granted: leave records are read every few minutes', '已开通：每隔几分钟读取离职记录'),
  recordsMissing: (code: string) =>
    text(
      `not granted (${code}): without events, people who leave are found only at night`,
      `未开通（${code}）：如未接收事件，只有夜间查询才能发现离职人员`,
    ),
  grantRecords: text(
    'open-dev.dingtalk.com, your application, Permission management: grant Contact.Common.Read (records of who has left); then Version management: publish. Nothing else needs it.',
    'open-dev.dingtalk.com → 您的应用 → 权限管理：开通 Contact.Common.Read（员工离职记录）；然后在“版本管理与发布”发布。仅此处需要。',
  ),

  streamTitle: text('Leavers: events by Stream', '离职：Stream 事件'),
  streamOpens: (host: string) => text(`DingTalk offers a connection to ${host}`, `钉钉允许连接到 ${host}`),
  streamRefused: (code: string) => text(`DingTalk offers no connection (${code})`, `钉钉不允许连接（${code}）`),
  subscribe: text(
    'open-dev.dingtalk.com, your application, Event subscription: Stream; tick user_leave_org and user_add_org; then Version management: publish. Allow outgoing connections from {program} to wss-open-connection.dingtalk.com:443.',
    'open-dev.dingtalk.com → 您的应用 → 事件订阅：选择 Stream 模式，勾选 user_leave_org 和 user_add_org；然后在“版本管理与发布”发布。请放行{program}到 wss-open-connection.dingtalk.com:443 的出站连接。',
  ),

  pushTitle: text('Leavers: events by HTTP push', '离职：HTTP 推送事件'),
  pushAt: (address: string) =>
    text(
      `receives events at ${address}; only DingTalk can confirm that it reaches this address`,
      `在 ${address} 接收钉钉推送；钉钉能否访问该地址，只能在钉钉确认`,
    ),
  enterAddress: (address: string) =>
    text(
      `open-dev.dingtalk.com, your application, Event subscription, HTTP push: enter ${address}; its token and key must equal {dingtalk.eventToken} and {dingtalk.eventAesKey}; tick user_leave_org and user_add_org. DingTalk tests the address when you save.`,
      `open-dev.dingtalk.com → 您的应用 → 事件订阅 → HTTP 推送：填写 ${address}，其 token 和密钥须与 {dingtalk.eventToken} 和 {dingtalk.eventAesKey} 相同；勾选 user_leave_org 和 user_add_org。保存时钉钉会检查该地址。`,
    ),
} as const;
