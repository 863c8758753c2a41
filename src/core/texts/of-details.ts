import { text } from './text.js';

/** What the log says about an error in addition to its code (`detail`), by the room that raises it. */
export const DETAIL = {
  // Also used by the companion plugin and by the doctor.
  noRole: (roles: string) => text(`NocoBase has no role ${roles}`, `NocoBase 没有角色 ${roles}`),
  noDefaultRole: text('NocoBase has no default role', 'NocoBase 没有默认角色'),

  accounts: {
    organization: (name: string) => text(`organization: ${name}`, `组织：${name}`),
    noOrganization: text('organization: none named', '组织：未指明'),
    isProtected: (userId: number) => text(`user ${userId} is protected`, `用户 ${userId} 受保护`),
    userDeleted: (userId: number) =>
      text(`the binding belongs to user ${userId}, who does not exist`, `绑定所属的用户 ${userId} 不存在`),
    sameSubject: (userIds: string) =>
      text(`users ${userIds} are bound to the same subject`, `用户 ${userIds} 绑定了同一个人`),
    samePhone: (userIds: string) => text(`users ${userIds} have the same phone number`, `用户 ${userIds} 的手机号相同`),
    boundElsewhere: (userId: number, authenticator: string) =>
      text(
        `user ${userId} is bound to this subject at the authenticator ${authenticator}`,
        `用户 ${userId} 已在认证器 ${authenticator} 绑定此人`,
      ),
    hasBindingHere: (userId: number) =>
      text(`user ${userId} already has a binding of this authenticator`, `用户 ${userId} 已有此认证器的绑定`),
    hasBinding: (userId: number, authenticator: string) =>
      text(
        `user ${userId} already has a binding of ${authenticator}`,
        `用户 ${userId} 已有认证器 ${authenticator} 的绑定`,
      ),
    notUnique: (field: string) => text(`a user with this ${field} already exists`, `已有用户使用相同的 ${field}`),
  },

  auth: {
    oddChallenge: text('the challenge does not have the format of the plugin', 'challenge 不是插件生成的格式'),
    noChallenge: text('started without a challenge', '发起时没有 challenge'),
    noTransaction: text(
      'this browser has no sign-in transaction for this state',
      '此浏览器没有与该 state 对应的登录事务',
    ),
    oldCookie: text(
      'the transaction cookie has expired or is not from this gateway',
      '登录事务的 Cookie 已过期，或不是本网关的',
    ),
    stateDiffers: text('state and cookie differ', 'state 与 Cookie 不一致'),
    otherAuthenticator: text('started for another authenticator', '是为另一个认证器发起的'),
    otherFlow: (started: string, answered: string) =>
      text(`started as ${started}, answered as ${answered}`, `以 ${started} 发起，却以 ${answered} 返回`),
    stateUsed: text('the state was used before', '该 state 已被使用'),
    notEnabled: (authenticator: string) =>
      text(
        `the plugin has no enabled authenticator ${authenticator} that uses this gateway`,
        `插件中没有使用此网关且已启用的认证器 ${authenticator}`,
      ),
  },

  authenticators: {
    namedTwice: (authenticator: string) =>
      text(`NocoBase names the authenticator ${authenticator} twice`, `NocoBase 中认证器 ${authenticator} 出现了两次`),
  },

  dingtalk: {
    noState: text('no state from this gateway in the response', '响应中没有本网关的 state'),
    noCode: text(
      'the response holds no authorization code, or two different ones',
      '响应中没有授权码，或有两个不同的授权码',
    ),
    repeated: (parameter: string) =>
      text(`parameter ${parameter} is there more than once`, `参数 ${parameter} 重复出现`),
    oddCode: text('not in the format of a DingTalk authorization code', '不是钉钉授权码的格式'),
    notOfOurPage: text('not the authorization code and state that the page sends', '不是页面所提交的授权码和 state'),
    otherOrigin: text('not from a page of this gateway (Origin)', '不是来自本网关的页面（Origin）'),
    otherSite: text('not from a page of this gateway (Sec-Fetch-Site)', '不是来自本网关的页面（Sec-Fetch-Site）'),
    notJson: text('not JSON', '不是 JSON'),
    externalContact: text('an external contact', '外部联系人'),
    noOrganization: text('no organization was named in the request', '没有指定要查询的组织'),
    somebodyElse: text('the record belongs to someone else', '该记录属于他人'),
    notActive: text('the account is not active', '该账号未激活'),
    notOfOrganization: (reference: string) =>
      text(`the application does not belong to the organization (${reference})`, `该应用不属于此组织（${reference}）`),
    refusesCode: (reference: string) =>
      text(`DingTalk refuses the authorization code (${reference})`, `钉钉拒绝授权码（${reference}）`),
    refusesFreshToken: (reference: string) =>
      text(`DingTalk refuses a fresh app access token (${reference})`, `钉钉拒绝新的应用访问令牌（${reference}）`),
    said: (reference: string) => text(`DingTalk: ${reference}`, `钉钉：${reference}`),
    noReference: text('no reference', '无编号'),
    unexpectedResult: text('unexpected result', '结果不符合预期'),
    tokenForgotten: text('no longer known to DingTalk', '钉钉已不再识别'),
  },

  doctor: {
    notOfPlugin: text('not a request from the plugin', '不是插件的请求'),
    notAsked: text('NocoBase did not request this test', 'NocoBase 没有请求此测试'),
  },

  nocobase: {
    anotherRow: (action: string) =>
      text(`NocoBase ${action}: the answer is about another record`, `NocoBase ${action}：返回的是另一条记录`),
    notNocoBase: (action: string, status: number) =>
      text(
        `NocoBase ${action}: HTTP ${status} did not come from NocoBase but from a proxy or firewall that refused the call; set NOCOBASE_URL to an address that bypasses it`,
        `NocoBase ${action}：HTTP ${status} 不是 NocoBase 返回的，而是代理或防火墙拒绝了请求；请将 NOCOBASE_URL 设为绕过它、直达 NocoBase 的地址`,
      ),
    refusesKey: (action: string, codes: string) =>
      text(`NocoBase refuses the API key on ${action}${codes}`, `NocoBase 在 ${action} 拒绝 API 密钥${codes}`),
    lacksRight: (codes: string) => text(`the API key's role lacks a right${codes}`, `API 密钥的角色缺少权限${codes}`),
    starting: text('HTTP 503, NocoBase is starting or overloaded', 'HTTP 503，NocoBase 正在启动或过载'),
    withoutRoles: (userId: number) => text(`user ${userId} did not get its roles`, `用户 ${userId} 未获得角色`),
    noAuthenticator: (name: string) => text(`NocoBase has no authenticator ${name}`, `NocoBase 没有认证器 ${name}`),
    sessionOpensNothing: (authenticator: string, refusal: string) =>
      text(
        `NocoBase does not accept sessions of ${authenticator} (${refusal}): is the authenticator enabled, and its type unknown?`,
        `NocoBase 不接受 ${authenticator} 的会话（${refusal}）：该认证器是否已启用，而其类型不受 NocoBase 支持？`,
      ),
    sessionRefused: text(
      'NocoBase refuses a session signed with it (INVALID_TOKEN)',
      'NocoBase 拒绝用它签名的会话（INVALID_TOKEN）',
    ),
  },

  plugin: {
    notAskedYet: text('NocoBase has not been asked yet', '尚未询问 NocoBase'),
    unusableBook: (call: string) =>
      text(
        `unexpected answer to ${call} from the plugin's records of leavers`,
        `插件的离职记录对 ${call} 的响应不符合预期`,
      ),
    noneUsable: text('NocoBase dingtalk:settings', 'NocoBase：dingtalk:settings'),
    otherGateway: text(
      'NocoBase dingtalk:settings: an answer for another gateway',
      'NocoBase dingtalk:settings：响应是给另一个网关的',
    ),
  },

  store: {
    full: text('in-process store: full', '进程内存储：已满'),
    redis: (failure: string) => text(`Redis: ${failure}`, `Redis：${failure}`),
    file: (code: string) => text(`a file in STATE_FOLDER: ${code}`, `STATE_FOLDER 中的文件：${code}`),
    unreadable: text(
      'a file in STATE_FOLDER was not written by this gateway: move it away',
      'STATE_FOLDER 中有文件不是由此网关写入的：请将其移走',
    ),
  },

  stream: {
    notOpened: text('the connection did not open', '连接未能建立'),
    ended: text('the connection ended', '连接已断开'),
    notPossible: text('the connection could not be opened', '无法建立连接'),
    oddAddress: text('DingTalk named an address that is none for this', '钉钉给出的地址不能用于此连接'),
  },

  upstream: {
    noTimeLeft: text('time limit of this sign-in reached', '本次登录已达到时限'),
    circuitOpen: text('circuit open', '熔断中'),
    tooManyCalls: text('too many concurrent calls', '并发请求过多'),
    platformError: (reference: string) => text(`platform error ${reference}`, `平台错误 ${reference}`),
    notJson: (status: number) => text(`not JSON (HTTP ${status})`, `不是 JSON（HTTP ${status}）`),
    unexpectedBody: (fields: string) => text(`unexpected body: ${fields}`, `响应内容不符合预期：${fields}`),
    proxyAnswers: (status: string) => text(`the proxy answers ${status}`, `代理返回 ${status}`),
    notConnected: text('connection timed out', '建立连接超时'),
    notAnswered: text('response timed out', '等待响应超时'),
    notDecodable: (code: string) => text(`body too large or not decodable (${code})`, `响应过大或无法解码（${code}）`),
  },

  web: {
    prefetch: text('a prefetch', '预取请求'),
    tooMany: (scope: string) => text(`too many requests per ${scope}`, `请求过多，按 ${scope} 计`),
    refusedCodes: text('address: codes that were refused', '地址：被拒绝的授权码'),
  },
} as const;

/** What an operator must check if it is no variable. In English on the error page, as in the consoles. */
export const SETTING = {
  permission: (name: string) => text(`DingTalk: ${name}`, `钉钉：${name}`),
  visibleRange: text('DingTalk: visible range of the application', '钉钉：应用的可见范围'),
  egressIp: text('DingTalk: server egress IP', '钉钉：服务器出口 IP'),
  contactScope: text('DingTalk: contact scope', '钉钉：通讯录权限范围'),
  right: (action: string) => text(`NocoBase: ${action}`, `NocoBase：${action}`),
  rolesOfNewUsers: text('NocoBase: users:create (roles)', 'NocoBase：users:create (roles)'),
  bindingOfDeletedUser: text(
    'NocoBase: usersAuthenticators (the binding of a user that was deleted)',
    'NocoBase：usersAuthenticators（已删除用户的绑定）',
  ),
  plugin: text('NocoBase, Plugin manager: DingTalk', 'NocoBase → 插件管理器 → 钉钉'),
  gatewayAddress: text('NocoBase, Authentication, DingTalk: Gateway address', 'NocoBase → 用户认证 → 钉钉 → 网关地址'),
  pinnedKeys: text(
    'NocoBase, Authentication, DingTalk: Pinned keys of the gateway',
    'NocoBase → 用户认证 → 钉钉 → 固定的网关密钥',
  ),
  enabled: text('NocoBase, Authentication, DingTalk: Enabled', 'NocoBase → 用户认证 → 钉钉 → 启用'),
  authenticator: text('NocoBase, Authentication, DingTalk', 'NocoBase → 用户认证 → 钉钉'),
} as const;
