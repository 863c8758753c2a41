import type { Conclusion, Unclear } from '../core/leavers/index.js';
import { type Text, text } from '../core/texts/index.js';

/**
 * The commands' messages for people; help is in `help-texts.ts`. Programs read English: JSON, CSV and log lines are the
 * same in every language.
 */
export const TEXTS = {
  // For every command.
  notNocoBase: (detail: string) =>
    text(
      `What answers at this address is not NocoBase (${detail}): give NocoBase's own address, without /api.`,
      `此地址的响应不是来自 NocoBase（${detail}）：请填写 NocoBase 自身的地址，不含 /api。`,
    ),
  noSettings: (reason: string) =>
    text(
      `NocoBase's plugin does not give this gateway its settings (${reason}): doctor says what to do.`,
      `NocoBase 的插件没有向此网关提供设置（${reason}）：请运行 doctor 查看处理方法。`,
    ),
  noAnswer: (detail: string) =>
    text(
      `No answer (${detail}): check the address, and that the server is running.`,
      `没有响应（${detail}）：请检查地址，并确认服务正在运行。`,
    ),
  unexpected: text('Something unexpected went wrong.', '发生了意料之外的错误。'),
  nobodyToAnswer: text(
    'No answer was given: set the variable instead (see --help).',
    '没有收到输入：请改用环境变量（见 --help）。',
  ),
  passwordRefused: text('NocoBase does not accept the account and password.', 'NocoBase 不接受该账号和密码。'),
  notRoot: text('The account lacks the rights: it must have the role root.', '该账号权限不足：必须拥有 root 角色。'),
  couldNotStart: (reason: string) => text(`The gateway could not start: ${reason}`, `网关无法启动：${reason}`),
  unknownReason: text('unknown reason', '原因不明'),
  looking: text('Checking…', '正在检查…'),

  // start, in the log.
  plainHttp: text(
    'ALLOW_PRIVATE_HTTP: PUBLIC_URL uses http, so anyone who can read or change traffic on this network can take over any sign-in and any session',
    'ALLOW_PRIVATE_HTTP：PUBLIC_URL 使用 http，能读取或篡改该网络流量的人可以接管任意登录和会话',
  ),
  twoOrigins: (authenticator: string) =>
    text(
      `${authenticator}: NOCOBASE_HANDOFF is page, but PUBLIC_URL and NOCOBASE_PUBLIC_URL have different origins: browsers will not be signed in`,
      `${authenticator}：NOCOBASE_HANDOFF 为 page，但 PUBLIC_URL 与 NOCOBASE_PUBLIC_URL 不同源：浏览器将无法登录`,
    ),

  // `.env`.
  alsoRead: (path: string) => text(`(also read: ${path})`, `（也读取了 ${path}）`),
  noEnvFile: (path: string) => text(`(there is no ${path})`, `（没有 ${path}）`),
  notFromFile: (name: string) =>
    text(
      `${name} is not read from .env. If you need it, set it in the environment.`,
      `${name} 不从 .env 读取。如有需要，请在环境变量中设置。`,
    ),
  cutOff: (name: string) =>
    text(
      `${name} in .env has a #, and what follows it would be left out: put the value in quotation marks`,
      `.env 中的 ${name} 含有 #，其后的内容会被忽略：请给值加上引号`,
    ),
  envUnreadable: (path: string, reason: Text) =>
    text(`${path} cannot be read: ${reason.en}`, `无法读取 ${path}：${reason.zh}`),
  envNotUtf8: (path: string) =>
    text(
      `${path} is not in UTF-8 (PowerShell's > writes UTF-16): save it as UTF-8`,
      `${path} 不是 UTF-8 编码（PowerShell 的 > 写出的是 UTF-16）：请另存为 UTF-8`,
    ),
  EACCES: text(
    'this user is not allowed to read it (EACCES). Grant access to the file and its parent folders with chown or chmod',
    '当前用户无权读取（EACCES）。请用 chown 或 chmod 授予该文件及其上级文件夹的权限',
  ),
  EPERM: text('this user is not allowed to read it (EPERM)', '当前用户无权读取（EPERM）'),
  EISDIR: text(
    'it is a folder (EISDIR). Docker creates one if the file to mount is missing',
    '这是一个文件夹（EISDIR）。要挂载的文件不存在时，Docker 会创建同名文件夹',
  ),
  ELOOP: text('its symbolic links form a loop (ELOOP)', '符号链接形成循环（ELOOP）'),

  // Access to NocoBase.
  askAddress: text('Address of NocoBase: ', 'NocoBase 的地址：'),
  askAccount: (url: string) => text(`Account with the role root at ${url}: `, `${url} 中拥有 root 角色的账号：`),
  askPassword: (who: string, url: string) =>
    text(`Password of ${who}, to be sent to ${url} (not shown): `, `${who} 的密码，将发送到 ${url}（不显示）：`),
  addressSays: (path: string, url: string) =>
    text(`${path} says that NocoBase is at ${url}`, `${path} 指定 NocoBase 的地址为 ${url}`),
  askSend: (where: Text) =>
    text(
      `${where.en}. Send the password of root there? (yes/no) `,
      `${where.zh}。要把 root 的密码发送到那里吗？（yes/no）`,
    ),
  secretsGo: (path: string, secrets: string, addresses: string) =>
    text(
      `${path} decides where secrets from elsewhere (${secrets}) are sent: ${addresses}`,
      `${path} 指定了并非出自该文件的密钥（${secrets}）的发送地址：${addresses}`,
    ),
  askSendThem: (where: Text) =>
    text(`${where.en}. Send them there? (yes/no) `, `${where.zh}。要发送到那里吗？（yes/no）`),
  nobodySaidYesToThem: (where: Text) =>
    text(
      `${where.en}, and this was not confirmed: set these addresses in the environment.`,
      `${where.zh}，且未得到确认：请在环境变量中设置这些地址。`,
    ),
  nobodySaidYes: (where: Text) =>
    text(
      `${where.en}, and this was not confirmed: use --url, or set NOCOBASE_URL in the environment.`,
      `${where.zh}，且未得到确认：请使用 --url，或在环境变量中设置 NOCOBASE_URL。`,
    ),
  nobodySaidYesToPath: (where: Text) =>
    text(
      `${where.en}, and this was not confirmed: set NOCOBASE_URL and NOCOBASE_API_BASE_PATH in the environment.`,
      `${where.zh}，且未得到确认：请在环境变量中设置 NOCOBASE_URL 和 NOCOBASE_API_BASE_PATH。`,
    ),
  apiBasePathWrong: text(
    'NOCOBASE_API_BASE_PATH must be a path such as /api/',
    'NOCOBASE_API_BASE_PATH 必须是 /api/ 这样的路径',
  ),
  badAddress: text(
    'The address of NocoBase must start with http:// or https://, without user, query or fragment.',
    'NocoBase 的地址必须以 http:// 或 https:// 开头，且不含用户名、查询参数和 # 片段。',
  ),
  notPrivate: (address: string) =>
    text(
      `${address} is neither https nor a private address: anyone on the way could read root's password. Use https://, or add --insecure.`,
      `${address} 不是 https，也不是内网地址：途中任何人都能读到 root 的密码。请使用 https://，或加上 --insecure。`,
    ),
  badRegion: text(
    'NOCOBASE_DEFAULT_REGION must be a country code such as CN',
    'NOCOBASE_DEFAULT_REGION 必须是国家或地区代码，例如 CN',
  ),
  noSuchAuthenticator: (names: string) =>
    text(`There is no authenticator of that name; there is: ${names}`, `没有这个名称的认证器；现有：${names}`),

  // check
  complete: text('The configuration is complete.', '配置完整。'),
  publicAddress: text('Public address', '公开地址'),
  signInPage: text('Sign-in page', '登录页'),
  signingKeys: text('Signing keys', '签名密钥'),
  notMadeYet: text('derived from the secret that the first start generates', '由首次启动时生成的密钥派生'),
  keptSecret: text('Cookie secret kept in', 'Cookie 密钥保存在'),
  listensOn: text('Listens on', '监听'),
  usedStates: text('Used states are kept in', '已用 state 保存在'),
  oneProcess: text('memory of one process', '单个进程的内存'),
  bySentinel: text('Redis, found by Sentinel', 'Redis（由哨兵发现）'),
  secretsSet: text('Secrets set', '已设置的密钥'),
  none: text('none', '无'),
  plugin: text('Plugin for NocoBase', 'NocoBase 插件'),
  pluginAt: (version: string, url: string) =>
    text(`${version}, to add by URL: ${url}`, `${version}，可通过 URL 添加：${url}`),
  pluginNotPacked: text('not packed yet: npm run build does it', '尚未打包：请运行 npm run build'),
  pluginChecksum: text('Its SHA-256', '其 SHA-256'),
  pluginWarning: text('Before you add it', '添加之前'),
  pluginIsCode: text(
    'a plugin is code that runs inside NocoBase: add it only from a gateway that you run',
    '插件是在 NocoBase 内运行的代码：请只从您自己运行的网关添加',
  ),
  ignored: text('Ignored: NocoBase decides', '不起作用（以 NocoBase 为准）'),
  inNocoBase: text('Authenticators are set up in NocoBase', '认证器在 NocoBase 中设置'),
  forGateway: text('NocoBase for the gateway', '网关访问 NocoBase'),
  forBrowsers: text('NocoBase for browsers', '浏览器访问 NocoBase'),
  application: text('Application', '应用'),
  addressToEnter: text('Gateway address to enter', '需填写的网关地址'),
  authenticator: (name: string) => text(`Authenticator ${name}`, `认证器 ${name}`),
  redirectUrl: text('Redirect URL to register', '需登记的重定向 URL'),
  identity: text('Who a person is', '身份来源'),
  organizations: text('Organizations', '组织'),
  anyOrganization: text('any: anyone DingTalk lets through', '不限：钉钉放行的任何人'),
  autoSignUp: text('Auto sign-up', '自动注册'),
  yes: text('yes', '是'),
  no: text('no', '否'),
  matchedBy: text('Matched by', '匹配方式'),
  bindingsOnly: text('bindings only', '仅按绑定'),
  handOff: text('Hand-off', '会话交接'),
  landingPage: text('Landing page', '默认页面'),

  // provision
  otherRole: (held: string, name: string) =>
    text(
      `The key in NOCOBASE_API_TOKEN belongs to the role ${held}; this command is for the role ${name}. To repair the other role: --name ${held}`,
      `NOCOBASE_API_TOKEN 中的密钥属于角色 ${held}；本次处理的是角色 ${name}。要修复前者：--name ${held}`,
    ),
  step: (what: Text, outcome: Text) => text(`${what.en}: ${outcome.en}`, `${what.zh}：${outcome.zh}`),
  wouldBe: (outcome: Text) => text(`would be ${outcome.en}`, `将会${outcome.zh}`),
  setThis: text('Set this, and keep the key secret:', '请设置以下变量，并妥善保管密钥：'),

  // bind
  fileOrOne: text('Give either a file or one person.', '文件和单个用户只能指定一种。'),
  whoAndWhom: text(
    'Give a unionId (or --dingtalk-userid) and one user, or --file; bind --help shows how.',
    '请指定 unionId（或 --dingtalk-userid）和一个用户，或使用 --file；用法见 bind --help。',
  ),
  howNamed: text(
    'Name the user as id:12, username:li-lei, phone:+8613800000000 or email:a@example.com',
    '请按以下方式之一指定用户：id:12、username:li-lei、phone:+8613800000000 或 email:a@example.com',
  ),
  idIsNumber: text('an id is a whole number', 'id 必须是整数'),
  notAPhone: text('not a phone number: write it as +8613800000000', '不是手机号：请写成 +8613800000000 的形式'),
  notAUnionId: text('not a unionId: these are letters, digits, _ and - only', '不是 unionId：只能含字母、数字、_ 和 -'),
  noSuchUser: (field: string) => text(`NocoBase has no user with this ${field}`, `NocoBase 中没有此 ${field} 的用户`),
  sameUsers: (ids: string, field: string) =>
    text(`users ${ids} have the same ${field}`, `用户 ${ids} 的 ${field} 相同`),
  protectedUser: (id: number) =>
    text(
      `user ${id} is protected: add --allow-protected if the owner of this unionId is allowed to use the account`,
      `用户 ${id} 受保护：若此 unionId 的本人确可使用该账号，请加上 --allow-protected`,
    ),
  notConfigured: text(
    'to ask DingTalk for a userid, DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET are needed in this environment, also if the form in NocoBase has them, NOCOBASE_AUTHENTICATOR must name their authenticator unless it is dingtalk, and every other DINGTALK_* variable must be valid; or use unionId, or take the bindings over in the form in NocoBase',
    '要向钉钉查询 userid，运行环境中必须设置 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET（即使 NocoBase 的表单中已有），若其认证器不是 dingtalk，还须用 NOCOBASE_AUTHENTICATOR 指明，其他 DINGTALK_* 变量也必须有效；也可以改用 unionId，或在 NocoBase 的设置表单中接管绑定',
  ),
  noSuchMember: text('DingTalk has no member with this userid', '钉钉中没有此 userid 的成员'),
  dingtalkSays: (code: string) => text(`DingTalk: ${code}`, `钉钉：${code}`),
  line: (number: number) => text(`line ${number}`, `第 ${number} 行`),
  linked: (unionId: string, userId: number) => text(`${unionId} -> user ${userId}`, `${unionId} -> 用户 ${userId}`),
  user: (userId: number) => text(`user ${userId}`, `用户 ${userId}`),
  wouldBeLinked: text('ok (would be linked)', 'ok（将会绑定）'),

  // CSV
  csvLine: text(
    'not readable as CSV, possibly to the end of the file: look for an unclosed quotation mark',
    '无法按 CSV 读取，可能直到文件末尾：请检查是否有未闭合的引号',
  ),
  csvHeading: text(
    'The header of the CSV file cannot be read: look for an unclosed quotation mark.',
    'CSV 文件的标题行无法读取：请检查是否有未闭合的引号。',
  ),
  csvEmpty: text('The CSV file is empty.', 'CSV 文件是空的。'),
  csvUnreadable: text('The CSV file cannot be read.', '无法读取 CSV 文件。'),
  csvTooLarge: text('The CSV file is too large.', 'CSV 文件太大。'),
  csvCommas: text(', and columns are separated by commas', '，且各列以半角逗号分隔'),
  csvNeedsPerson: (separator: Text, found: string) =>
    text(
      `The header of the CSV file needs a column unionId or userid${separator.en}; found: ${found}`,
      `CSV 文件的标题行需要 unionId 或 userid 列${separator.zh}；现有：${found}`,
    ),
  csvNeedsUser: (separator: Text, found: string) =>
    text(
      `The header of the CSV file needs a column id, username, phone or email${separator.en}; found: ${found}`,
      `CSV 文件的标题行需要 id、username、phone 或 email 列${separator.zh}；现有：${found}`,
    ),
  csvTwice: (found: string) =>
    text(
      `The header of the CSV file names a column twice; found: ${found}`,
      `CSV 文件的标题行中有重复的列；现有：${found}`,
    ),
  csvEither: (column: string) =>
    text(
      `The column ${column} is ambiguous: write userid (DingTalk) or id (NocoBase).`,
      `列 ${column} 有两种可能：请写成 userid（钉钉）或 id（NocoBase）。`,
    ),
  csvNoPerson: text('no unionId and no userid', '没有 unionId，也没有 userid'),
  csvNoUser: text('no id, username, phone or email', '没有 id、username、phone 或 email'),

  // unbind
  giveUnionId: text('Give a unionId.', '请指定 unionId。'),
  userIdIsNumber: text('--user-id is a whole number.', '--user-id 必须是整数。'),
  noSuchLink: text('There is no such binding.', '没有这条绑定。'),
  severalLinked: (ids: string) =>
    text(
      `Users ${ids} are linked to this unionId: choose one with --user-id.`,
      `用户 ${ids} 都绑定到此 unionId：请用 --user-id 指定其中一个。`,
    ),
  notRemoved: text('NocoBase did not remove the binding.', 'NocoBase 没有移除该绑定。'),
  removed: text('removed', '已解除'),
  wouldBeRemoved: text('would be removed', '将会解除'),

  // leavers
  askLock: (authenticator: string) =>
    text(
      `This locks the NocoBase accounts of people who, according to DingTalk, have left the organization of ${authenticator}. Continue? [y/N] `,
      `即将锁定已从 ${authenticator} 所属组织离职的人的 NocoBase 账号（以钉钉的答复为准）。是否继续？[y/N] `,
    ),
  askEndSessions: (authenticator: string) =>
    text(
      `This ends the NocoBase sessions of people who, according to DingTalk, have left the organization of ${authenticator}; their passwords and API keys keep working. Continue? [y/N] `,
      `即将结束已从 ${authenticator} 所属组织离职的人的 NocoBase 会话（以钉钉的答复为准）；其密码和 API 密钥仍然有效。是否继续？[y/N] `,
    ),
  nobodySaidLock: text(
    'Locking was not confirmed: nothing was changed. To confirm in advance, add --yes.',
    '未确认锁定，未作任何更改。如需预先确认，请加上 --yes。',
  ),
  askManyMissing: text(
    "DingTalk does not find more than a quarter of the people checked first. The application's contact scope may be too small. Continue anyway? [y/N] ",
    '最先查询的人中，有超过四分之一在钉钉中找不到，可能是应用的通讯录权限范围过小。仍要继续吗？[y/N] ',
  ),
  askHeld: (count: number) =>
    text(
      `Held back, because unusually many left within an hour: ${count}. Lock them? [y/N] `,
      `一小时内离职的人数异常，有 ${count} 人尚未锁定。是否锁定？[y/N] `,
    ),
  askedAbout: (done: number, of: number) => text(`${done} of ${of} people`, `${of} 人中已检查 ${done} 人`),
  nothingKept: text(
    "People's DingTalk userids cannot be stored: set REDIS_URL, or set STATE_FOLDER to a folder that the gateway can write.",
    '无法保存用户的钉钉 userid：请设置 REDIS_URL，或将 STATE_FOLDER 设为网关可写的文件夹。',
  ),
  looksElsewhere: text('The gateway is running a full check. Try again later.', '网关正在进行全员查询，请稍后重试。'),
  lookStopped: (why: Text, detail: string) =>
    text(`Stopped: ${why.en}${detail && ` (${detail})`}`, `已停止：${why.zh}${detail && `（${detail}）`}`),
  lookedAt: (asked: number, here: number, left: number, unclear: number) =>
    text(
      `Checked: ${asked}. In the organization: ${here}. Left: ${left}. Unclear: ${unclear}.`,
      `已检查 ${asked} 人：${here} 人在组织中，${left} 人已离职，${unclear} 人无法确定。`,
    ),
  andMore: (count: number) => text(`… and ${count} more (--json has all)`, `……另有 ${count} 人（--json 列出全部）`),
  areBack: (ids: string) => text(`Returned and unlocked: users ${ids}`, `已返回组织并解锁：用户 ${ids}`),
  withLock: text(
    'Nobody was locked. To lock them (without the plugin: to end their sessions), add --lock.',
    '未锁定任何人。如需锁定（不使用插件时，即结束其会话），请加上 --lock。',
  ),

  // bindings
  nobody: text('There are no bindings yet.', '还没有任何绑定。'),
  columnUser: text('user', '用户'),
  columnUsername: text('username', '用户名'),
  columnNickname: text('nickname', '昵称'),
  columnSince: text('since', '绑定时间'),
  userGone: text('(user no longer exists)', '（用户已不存在）'),
} as const;

/** Conclusions about a person who has left. */
export const CONCLUDED = {
  locked: text('locked', '已锁定'),
  already_locked: text('was already locked', '此前已锁定'),
  reported: text('has left; not locked', '已离职；未锁定'),
  elsewhere: text('has left this organization, but is still in another one', '已离开此组织，但仍在另一个组织中'),
  protected: text('has left; protected: end their access by hand', '已离职；受保护账号：请手动终止其访问'),
  paused: text(
    'has left; unusually many have, so this awaits your confirmation',
    '已离职；同时离职的人数异常，等待您确认',
  ),
  refused: text(
    'has left; awaits your confirmation: at most half of all people, or ten, are locked within an hour',
    '已离职；等待您确认：一小时内最多锁定半数的人（或十人）',
  ),
  gone: text('no longer linked, or has since been seen in the organization', '绑定已不存在，或此后又出现在组织中'),
} as const satisfies Readonly<Record<Conclusion, Text>>;

/** Why there is no answer about a person. */
export const WHY_UNCLEAR = {
  out_of_scope: text("outside the application's contact scope (50002)", '不在应用的通讯录权限范围内（50002）'),
  no_witness: text('DingTalk finds neither this person nor any colleague', '钉钉查不到此人，也查不到任何同事'),
  userid_of_another: text('the userid now belongs to someone else', '该 userid 现已属于他人'),
  never_known: text('never seen in the organization', '从未在组织中出现'),
  no_permission: text('the permission qyapi_get_member is missing (60011)', '缺少权限 qyapi_get_member（60011）'),
  address_refused: text('DingTalk refuses the address of this server (60020)', '钉钉拒绝本服务器的 IP 地址（60020）'),
  credentials_refused: text('DingTalk refuses Client ID and Client Secret', '钉钉不接受 Client ID 和 Client Secret'),
  no_answer: text('DingTalk did not answer', '钉钉没有响应'),
} as const satisfies Readonly<Record<Unclear, Text>>;
