import { type Text, text } from '../core/texts/index.js';

/** The texts of `--help` and of usage errors. Examples are the same in every language. */
export const HELP = {
  program: text(
    'Signs people in to NocoBase with DingTalk. Without a command it starts the gateway.',
    '使用钉钉登录 NocoBase。不带命令时启动网关。',
  ),
  exitCodes: text(
    'Exit codes: 0 all is well, 1 a problem was found or something was refused, 2 wrong usage.',
    '退出码：0 一切正常，1 发现问题或操作被拒绝，2 用法错误。',
  ),
  afterError: text('(--help shows how)', '（用法见 --help）'),
  example: text('Example:', '示例：'),
  examples: text('Examples:', '示例：'),

  version: text('print the version; the plugin must have the same one', '显示版本号，插件须与之相同'),
  help: text('display help for command', '显示命令的帮助'),
  lang: text('language (default: from LC_ALL or LANG)', '语言（默认取决于 LC_ALL 或 LANG）'),
  json: text('write the result as JSON', '以 JSON 输出结果'),
  dryRun: text('show what would be done; changes nothing', '预演：只显示将要执行的操作，不作任何更改'),
  url: text('address of NocoBase (default: NOCOBASE_URL)', 'NocoBase 的地址（默认：NOCOBASE_URL）'),
  insecure: text('send the password over http:// even to a public address', '即使是公网地址，也通过 http:// 发送密码'),
  authenticator: text('name of the authenticator (default: the first)', '认证器的名称（默认：第一个）'),

  start: text('run the gateway until SIGTERM (the default)', '运行网关，直到收到 SIGTERM（默认命令）'),
  check: text('check the configuration only; contacts nothing', '只检查配置，不访问任何系统'),
  doctor: text(
    'check every step of a sign-in and say what is wrong and where to fix it; changes nothing',
    '检查登录的每一步，说明哪里有问题、在哪里修正；不作任何更改',
  ),
  signs: text(
    `
The signs: ✓ works, ✗ must be fixed, ! check it yourself, - not tested because of an earlier problem.
Exit code 1 means that a sign-in could not work, or that something is not secure.`,
    `
符号：✓ 正常，✗ 必须修正，! 请自行确认，- 因上面的问题而未检查。
退出码 1 表示无法登录，或存在不安全之处。`,
  ),

  provision: text(
    'create or repair what the gateway needs in a stock NocoBase',
    '在未装插件的 NocoBase 中创建或修复网关所需的内容',
  ),
  provisionName: text('name of the role and of the user', '角色和用户的名称'),
  provisionAuthenticator: text(
    'name of the authenticator (default: NOCOBASE_AUTHENTICATOR, or dingtalk)',
    '认证器的名称（默认：NOCOBASE_AUTHENTICATOR，或 dingtalk）',
  ),
  whatProvisionMakes: text(
    `
Creates a role with the least rights, a user that has it, its API key, and the disabled authenticator that people's
bindings belong to. It can be run again: it repairs what is missing. Every run creates a new key; older ones stay valid.`,
    `
创建一个权限最小的角色、拥有该角色的用户、该用户的 API 密钥，以及用于保存绑定的认证器（禁用状态）。
可以重复运行：缺少的会补上。每次运行都生成新密钥；旧密钥仍然有效。`,
  ),
  credentials: text(
    `
Asked for unless set in the environment: NOCOBASE_URL, NOCOBASE_ROOT_ACCOUNT, NOCOBASE_ROOT_PASSWORD (an account with
the role root). The credentials are used for this run only and stored nowhere. An address that comes only from a .env
file must be confirmed first; where nobody can answer, use --url or set NOCOBASE_URL. Passwords are sent over http:// to
private addresses only, unless --insecure is given.`,
    `
若环境变量中没有设置，则会询问：NOCOBASE_URL、NOCOBASE_ROOT_ACCOUNT、NOCOBASE_ROOT_PASSWORD（拥有 root 角色的账号）。
账号和密码只用于本次运行，不会保存。若地址仅来自 .env 文件，会先请您确认；无法人工确认时，请使用 --url 或设置
NOCOBASE_URL。除非加上 --insecure，密码只会通过 http:// 发送到内网地址。`,
  ),

  bind: text(
    'link a DingTalk unionId to a NocoBase user before the first sign-in',
    '在首次登录之前，将钉钉 unionId 绑定到 NocoBase 用户',
  ),
  bindUnionId: text("the person's unionId at DingTalk", '此人在钉钉的 unionId'),
  bindUser: text(
    'id:12, username:li-lei, phone:+8613800000000 or email:a@example.com',
    'id:12、username:li-lei、phone:+8613800000000 或 email:a@example.com',
  ),
  byId: text('the NocoBase user, by id', 'NocoBase 用户，按 id 指定'),
  byUsername: text('… by username', '……按用户名'),
  byPhone: text(
    '… by phone number, as +8613800000000 or a bare Chinese mobile number',
    '……按手机号，如 +8613800000000；中国手机号可省略 +86',
  ),
  byEmail: text('… by e-mail address', '……按电子邮箱'),
  byUserid: text(
    "instead of a unionId: the UserID that DingTalk's address book shows",
    '代替 unionId：钉钉通讯录中显示的 UserID',
  ),
  file: text('many at once, from a CSV file', '从 CSV 文件批量绑定'),
  allowProtected: text(
    'also accounts with protected roles, and the root account',
    '也包括拥有受保护角色的账号和 root 账号',
  ),
  aboutCsv: text(
    `
CSV: UTF-8 with a header line. One column names the person at DingTalk: unionId or userid (the user id in the
organization, as other plugins keep it; DingTalk is asked for the unionId, which needs the permission
qyapi_get_member). One names the user in NocoBase: id, username, phone or email. Other columns are ignored. A line that
lacks one of the two is an error; it does not stop the others. Each line gets one of: ok, already, conflict, protected,
not found, error.

People whose mobile number is the same in both systems need no import: the gateway matches them at their first sign-in.`,
    `
CSV：UTF-8 编码，首行为标题。用一列指定钉钉用户：unionId 或 userid（组织内的用户 ID，其他插件通常保存的是它；网关会向
钉钉查询 unionId，需要 qyapi_get_member 权限）。用另一列指定 NocoBase 用户：id、username、phone 或 email。其他列会被
忽略。缺少其中一项的行记为 error，不影响其他行。每行的结果是以下之一：ok（已绑定）、already（此前已绑定）、conflict（冲突）、
protected（受保护）、not found（未找到）、error（错误）。

手机号在两个系统中一致的人无需导入：网关会在其首次登录时自动匹配。`,
  ),

  unbind: text(
    'remove the binding of a DingTalk unionId, even if its user no longer exists',
    '解除钉钉 unionId 的绑定，用户已不存在时也可以',
  ),
  onlyThisUser: text('only the binding to this user, if there are several', '有多个绑定时，只解除与该用户的绑定'),

  leavers: text(
    'ask DingTalk about everyone who is linked, and list who has left; locks nobody without --lock',
    '向钉钉查询所有已绑定的人，列出已离职的人；不加 --lock 不锁定任何人',
  ),
  lock: text(
    'lock the accounts of those who have left; without the plugin, end their sessions',
    '锁定已离职者的账号；不使用插件时，结束其会话',
  ),
  yes: text('do not ask for confirmation', '不再询问'),
  aboutLeavers: text(
    `
A person counts as having left only if DingTalk says so, and finds a colleague within the same minute. Protected
accounts are only reported, never locked. If more than 5 % of all people, and more than ten, would be locked within an
hour, you must confirm it. With the plugin, its form decides (report or lock), and you confirm on its page. Without the
plugin, "locked" means that all sessions end. Exit code 1: someone who left still has an open account, or not everyone
could be checked.`,
    `
只有钉钉明确答复查无此人、且同一分钟内能查到一位同事，才算已离职。受保护的账号只报告，不锁定。一小时内要锁定的人
超过总数的 5 %（且超过 10 人）时，超出部分须经您确认。使用插件时以其表单为准（仅报告或锁定），并在其页面中确认。
不使用插件时，“锁定”即结束其所有会话。退出码 1：有已离职者的账号仍可使用，或未能检查所有人。`,
  ),

  bindings: text('list who is linked to whom', '列出所有绑定'),
  csv: text('write CSV', '输出 CSV'),
  excel: text(
    'write CSV with a byte order mark, by which Excel recognizes UTF-8',
    '输出带 BOM 的 CSV，以便 Excel 识别 UTF-8',
  ),
} as const;

/** Commander's own messages; `{}` is a placeholder for the user's input. */
export const OF_COMMANDER: readonly Text[] = [
  text('(choices: {})', '（可选值：{}）'),
  text('(default: {})', '（默认：{}）'),
  text('Usage:', '用法：'),
  text('Arguments:', '参数：'),
  text('Options:', '选项：'),
  text('Commands:', '命令：'),
  text("error: unknown option '{}'", '错误：没有选项“{}”'),
  text("error: unknown command '{}'", '错误：没有命令“{}”'),
  text("error: missing required argument '{}'", '错误：缺少参数“{}”'),
  text("error: option '{}' argument missing", '错误：选项“{}”缺少值'),
  text(
    "error: option '{}' argument '{}' is invalid. Allowed choices are {}.",
    '错误：选项“{}”的值“{}”无效，只能是 {}。',
  ),
  text("error: option '{}' cannot be used with option '{}'", '错误：选项“{}”不能与“{}”同时使用'),
  text(
    "error: too many arguments for '{}'. Expected {} arguments but got {}.",
    '错误：“{}”的参数过多，应有 {} 个，实有 {} 个。',
  ),
  text(
    "error: too many arguments for '{}'. Expected {} argument but got {}.",
    '错误：“{}”的参数过多，应有 {} 个，实有 {} 个。',
  ),
  text('error: too many arguments. Expected {} arguments but got {}.', '错误：参数过多，应有 {} 个，实有 {} 个。'),
  text('(Did you mean {}?)', '（是否指 {}？）'),
  text('(Did you mean one of {}?)', '（是否指以下之一：{}？）'),
];
