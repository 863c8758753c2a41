/** What the demo says, in the language of the terminal: Chinese where the first locale variable that is set asks for it. */
const locale = [process.env['LC_ALL'], process.env['LC_MESSAGES'], process.env['LANG']].find(Boolean) ?? '';
const isChinese = /^zh\b|^zh_/i.test(locale);

const said = (en: string, zh: string): string => (isChinese ? zh : en);

/** NocoBase's own pages speak the language of the terminal, too: it takes the languages that it offers from this at its first start. */
export const NOCOBASE_LANGUAGE: Readonly<Record<string, string>> = isChinese ? { INIT_APP_LANG: 'zh-CN' } : {};

export const TEXTS = {
  person: (who: string, what: string): string => said(`${who}: ${what}`, `${who}：${what}`),
  installing: said(
    'NocoBase: installing from npm if it is not here yet (about 230 MB, a minute or two) …',
    'NocoBase：如尚未安装，从 npm 安装（约 230 MB，需一两分钟）……',
  ),
  stillWorking: said('     … still working', '     ……仍在安装'),
  sandbox: said('DingTalk sandbox: starting …', '钉钉沙箱：正在启动……'),
  nocobase: said('NocoBase: starting, with a database in memory …', 'NocoBase：正在启动（数据库在内存中）……'),
  plugin: said('     … and its plugin for DingTalk: uploaded and enabled', '     ……并上传、启用钉钉插件'),
  gateway: said('Gateway: starting …', '网关：正在启动……'),
  nocobaseItself: said('NocoBase itself: ', 'NocoBase 密码登录：'),
  people: said('People to sign in as:', '可以用来登录的人：'),
  settings: said('Where DingTalk is set up: ', '钉钉登录的设置：'),
  newClient: said("The button in NocoBase's new client: ", '新客户端的登录按钮：'),
  ends: said('Ctrl+C ends everything; nothing is kept.', '按 Ctrl+C 结束全部程序，不保留任何数据。'),
  signInButton: said('Sign in with DingTalk', '使用钉钉登录'),
  ready: (page: string, button: string): string =>
    said(
      `READY  Open ${page} and click "${button}", then a person on DingTalk's page.`,
      `就绪  请打开 ${page}，点击“${button}”，然后在钉钉页面上选择一个人。`,
    ),
  couldNotStart: (reason: string): string => said(`The demo could not start: ${reason}`, `演示无法启动：${reason}`),
  chooseOne: said("'--alone' and '--stock' exclude each other: choose one", '--alone 与 --stock 只能选择一个'),
  usage: said(
    `npm run demo [-- OPTION]

DingTalk (a sandbox), NocoBase with the plugin, and the gateway, on this machine only. Ports that are taken are replaced
by free ones; Ctrl+C ends everything, and nothing is kept.

  --alone    NocoBase with the plugin, without the gateway
  --stock    NocoBase without the plugin, and the gateway
  --version  print the version
  --help     print this`,
    `npm run demo [-- 选项]

在本机启动钉钉（沙箱）、已安装插件的 NocoBase 和网关。端口被占用时改用空闲端口；按 Ctrl+C 结束全部程序，不保留任何数据。

  --alone    NocoBase 加插件，不启动网关
  --stock    不装插件的 NocoBase，加网关
  --version  显示版本号
  --help     显示本帮助`,
  ),
} as const;

/** The sandbox's people (sandbox/seed.ts), and what to expect of each. */
export const WHAT_TO_TRY = [
  [
    '李雷 Li Lei',
    said(
      'has a NocoBase user with the same mobile number, and is linked to it',
      'NocoBase 中有手机号相同的用户，登录后关联到该用户',
    ),
  ],
  [
    '玛丽 Mary Smith',
    said('is new, and is registered in NocoBase (auto sign-up is on)', '没有 NocoBase 账号，会自动注册'),
  ],
  [
    '韩梅梅 Han Meimei',
    said(
      'belongs to two organizations: only "Example Ltd" is allowed to sign in',
      '属于两个组织，只有“示例公司”可以登录',
    ),
  ],
  [
    '赵敏 Zhao Min',
    said(
      'has no mobile number that DingTalk provides: the error names the permission to grant',
      '钉钉没有提供手机号，错误页面会说明需要开通的权限',
    ),
  ],
  [
    '孙阳 Sun Yang',
    said(
      "has an administrator's number: protected accounts are never linked by phone",
      '手机号属于管理员：受保护的账号不会按手机号关联',
    ),
  ],
] as const;
