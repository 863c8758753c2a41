import { DETAIL as SHARED } from '../../../src/core/texts/of-details.js';
import { text } from '../../../src/core/texts/text.js';

/** The texts of the server side itself. Those that NocoBase translates into the reader's language are in `locale/*.json`. */

/** The pages that a sign-in ends on. */
export const SIGN_IN_PAGE = {
  title: text('Signing you in…', '正在登录…'),
  blocked: text(
    'Your browser does not let this page keep your sign-in. Please allow site data for this address and try again.',
    '浏览器不允许本页面保存登录状态。请允许此地址保存网站数据，然后重试。',
  ),
  circles: text(
    'The sign-in keeps leading back here. Please close this page and open NocoBase again.',
    '登录陷入循环跳转。请关闭此页面，然后重新打开 NocoBase。',
  ),
  noScript: text('Please enable JavaScript: NocoBase needs it.', '请启用 JavaScript，NocoBase 需要它。'),
} as const;

/** For the administrator who switches the plugin on or off. */
export const SWITCH = {
  refused: (why: string) => text(`The plugin "Auth: DingTalk" ${why}.`, `插件“Auth: DingTalk”：${why}。`),
  locksAreOurs: text(
    'Accounts are locked and unlocked only on the page of the plugin "Auth: DingTalk".',
    '账号只能在插件“Auth: DingTalk”的页面上锁定和解锁。',
  ),
  stillInUse: (authenticators: string) =>
    text(
      `People still sign in with DingTalk. First untick "Enabled" of ${authenticators} in Settings, Authentication.`,
      `仍有用户使用钉钉登录。请先在“设置 › 用户认证”中取消勾选 ${authenticators} 的“启用”。`,
    ),
} as const;

/** Where it does not run, or was not tested; follows `this plugin`. */
export const SUPPORT = {
  needsNode: (wanted: string, found: string) =>
    text(
      `needs Node.js ${wanted} or newer, but NocoBase runs on Node.js ${found}`,
      `需要 Node.js ${wanted} 或更高版本，而 NocoBase 运行在 Node.js ${found} 上`,
    ),
  isForMajor: (major: number, found: string) =>
    text(
      `is for NocoBase ${major}.x, but this is NocoBase ${found}`,
      `适用于 NocoBase ${major}.x，而当前为 NocoBase ${found}`,
    ),
  needsForSubApp: (wanted: string, found: string) =>
    text(
      `needs NocoBase ${wanted} or newer in a sub-app, but this is NocoBase ${found}`,
      `在子应用中需要 NocoBase ${wanted} 或更高版本，而当前为 NocoBase ${found}`,
    ),
  testedUpTo: (newest: string, found: string) =>
    text(
      `was tested with NocoBase up to ${newest}, but this is NocoBase ${found}`,
      `最高在 NocoBase ${newest} 上测试过，而当前为 NocoBase ${found}`,
    ),
} as const;

/** For NocoBase's log, which is in English. */
export const LOG = {
  untested: (why: string) => text(`dingtalk: this plugin ${why}`, `dingtalk：此插件${why}`),
  notLoaded: (why: string) => text(`dingtalk: not loaded, this plugin ${why}`, `dingtalk：未加载，此插件${why}`),
  locksInForce: text(
    'dingtalk: not loaded, but account locks stay in force: requests of locked users are refused',
    'dingtalk：未加载，但账号锁定仍然有效：被锁定用户的请求会被拒绝',
  ),
  locksNotInForce: text(
    'dingtalk: not loaded, and account locks are not in force: reset the passwords of locked users and remove their roles',
    'dingtalk：未加载，账号锁定无效：请重设被锁定用户的密码，并移除其角色',
  ),
  signIn: text('dingtalk: sign-in', 'dingtalk：登录'),
  accountLinked: text('dingtalk: an account was linked', 'dingtalk：账号已绑定'),
  takenOver: text('dingtalk: bindings of another authenticator were taken over', 'dingtalk：已接管另一认证器的绑定'),
  fieldsLeft: text('dingtalk: fields were left unchanged', 'dingtalk：字段保持原样'),
  ofDingTalk: (line: string) => text(`dingtalk: ${line}`, `dingtalk：${line}`),
  failuresNotWritten: text(
    'dingtalk: failed sign-ins that were not logged one by one',
    'dingtalk：未逐条记录的登录失败',
  ),
  settingsUnreadable: text(
    'dingtalk: nobody can sign in with this authenticator until its form is corrected; Test says what is wrong',
    'dingtalk：在更正表单之前，没有人能用此认证器登录；“测试”会说明问题所在',
  ),
  notStarted: text('dingtalk: a sign-in could not start', 'dingtalk：无法发起登录'),
  originRefused: text(
    'dingtalk: NocoBase refuses the origin of sign-ins; its proxy must send X-Forwarded-Proto, and Host or X-Forwarded-Host',
    'dingtalk：NocoBase 拒绝登录来源；其代理必须发送 X-Forwarded-Proto，以及 Host 或 X-Forwarded-Host',
  ),
  hostUnknown: text(
    'dingtalk: NocoBase does not say which application this host belongs to',
    'dingtalk：NocoBase 未说明此主机名属于哪个应用',
  ),
  secretUnreadable: text(
    'dingtalk: a Client Secret was entered under another key of NocoBase, or for another authenticator or gateway; please enter it again',
    'dingtalk：某个 Client Secret 是在 NocoBase 使用另一密钥时，或为另一认证器或网关填写的；请重新填写',
  ),
  clientIdUnusable: text(
    'dingtalk: the Client ID of an authenticator cannot be filled in',
    'dingtalk：某个认证器的 Client ID 无法填入',
  ),
  authenticatorNotTold: text(
    'dingtalk: an authenticator is not passed to the gateway',
    'dingtalk：未向网关提供某个认证器',
  ),
  authenticatorsRefuse: text(
    'dingtalk: authenticators that refuse the gateway are not passed to it',
    'dingtalk：未向网关提供拒绝该网关的认证器',
  ),
  noKeys: text('dingtalk: no keys of the gateway', 'dingtalk：没有网关的密钥'),
  credentialsNotChecked: text(
    'dingtalk: saved without asking DingTalk whether Client ID and Client Secret belong together',
    'dingtalk：已保存，未向钉钉核对 Client ID 与 Client Secret',
  ),
  leaver: text('dingtalk: a person who left', 'dingtalk：离职人员'),
  watchNotStarted: text(
    'dingtalk: the watch for people who leave could not start and will be retried',
    'dingtalk：离职检查未能启动，将重试',
  ),
  noEventSecrets: text(
    "dingtalk: DingTalk's events are not accepted; NocoBase's environment lacks the token or the key for them",
    'dingtalk：不接收钉钉事件；NocoBase 的环境变量中缺少其 token 或 aes_key',
  ),
  locksUnreadable: text(
    'dingtalk: account locks cannot be read; the last ones read still apply, and if there are none, only user 1 can sign in',
    'dingtalk：无法读取账号锁定；以最近一次读取的为准，若从未读取，则只有用户 1 可以登录',
  ),
  notExamined: text('dingtalk: the gateway did not run the test', 'dingtalk：网关未进行测试'),
} as const;

/** Why a sign-in failed: `detail` of its line in the log. */
export const DETAIL = {
  ...SHARED,
  usedStates: (code: string) => text(`NocoBase's database: ${code}`, `NocoBase 的数据库：${code}`),
  noAnswer: text('the request contains no response from DingTalk', '请求中没有钉钉返回的内容'),
  noAuthenticator: text('there is no such authenticator, or it is disabled', '没有该认证器，或已停用'),
  otherBrowser: text('not the browser that started the sign-in', '不是发起登录的浏览器'),
  usedBefore: text('the ticket was used before', '票据已使用过'),
  firstUser: text('user 1 is never locked', '用户 1 从不锁定'),
  isLocked: (userId: number) => text(`user ${userId} is locked`, `用户 ${userId} 已锁定`),
  notATicket: text('the claims are not those of a ticket', '其声明不是票据的声明'),
  otherNocoBase: text('the ticket is for another NocoBase', '票据属于另一个 NocoBase'),
  otherApplication: text('the ticket is for another application', '票据属于另一个应用'),
  otherAuthenticator: text('the ticket is for another authenticator', '票据属于另一个认证器'),
  notPinned: (key: string) =>
    text(`the gateway's key is not one of those that are pinned: ${key}`, `网关的密钥不在固定的密钥之中：${key}`),
  noneAtItsAddress: text('none of the keys at its address', '其地址上一个也没有'),
  notFilledIn: (settings: string) => text(`not filled in: ${settings}`, `未填写：${settings}`),
  rootRole: text('the role root is given to nobody', 'root 角色不授予任何人'),
  tooManyWait: (address: string) => text(`${address}: too many requests are waiting`, `${address}：等待的请求过多`),
} as const;
