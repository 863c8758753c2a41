import { type Text, text } from './text.js';

/**
 * Messages about an invalid setting, which follow its name. The rules are in the rooms of the variables, in English;
 * `test/texts.spec.ts` finds those that are missing here.
 */
const CHINESE: Readonly<Record<string, string>> = {
  // Descriptions of required variables.
  "the gateway's address as browsers see it, such as https://app.example.com/sso":
    '浏览器访问网关所用的地址，例如 https://app.example.com/sso',
  'at least 32 random characters; to rotate, list several, separated by commas':
    '至少 32 个随机字符；轮换时可填写多个，以半角逗号分隔',
  "the Client ID of the application in DingTalk's developer console": '钉钉开放平台中该应用的 Client ID',
  "the Client Secret of the application in DingTalk's developer console": '钉钉开放平台中该应用的 Client Secret',
  'the address at which the gateway reaches NocoBase, such as http://nocobase:13000':
    '网关访问 NocoBase 所用的地址，例如 http://nocobase:13000',
  "an API key of the gateway's NocoBase role; the command `provision` makes one":
    '网关在 NocoBase 中所用角色的 API 密钥；可用 `provision` 命令生成',
  "NocoBase's APP_KEY, or {jwtSecret_FILE} with the path of its jwt_secret.dat":
    'NocoBase 的 APP_KEY，或用 {jwtSecret_FILE} 指定其 jwt_secret.dat 的路径',

  // For every kind of variable.
  'must be true or false': '必须是 true 或 false',
  'must name at least one': '至少要有一项',
  'must separate its items with a comma (,), not with ， 、 or ；':
    '各项之间必须用半角逗号（,）分隔，不能用 ，、 或 ；',
  'must name each role on its own: no name contains a comma or ;': '每个角色须单独列出：角色标识中不能有逗号或分号',
  'must be an http(s) address without user, query or fragment': '必须是 http(s) 地址，且不含用户名、查询参数和 # 片段',
  'must start with https:// (an internal CA will do: NODE_EXTRA_CA_CERTS), unless ALLOW_PRIVATE_HTTP=true accepts that sign-ins can be read and changed in this private network':
    '必须以 https:// 开头（可使用内部 CA：NODE_EXTRA_CA_CERTS）；除非设置 ALLOW_PRIVATE_HTTP=true，接受该内网中的登录可能被窃听和篡改',
  'must start with https:// (http:// only on localhost or a loopback address)':
    '必须以 https:// 开头（只有 localhost 或环回地址可用 http://）',
  'must list IP addresses or CIDR ranges, separated by commas': '必须是 IP 地址或 CIDR 网段，以半角逗号分隔',
  'must be an address or a name of this machine': '必须是本机的地址或主机名',

  // About the raw value of any setting.
  'is in quotation marks: remove them': '带有引号：请去掉引号',
  'has several lines: it must be a single line': '有多行：只能是一行',
  'begins or ends with a space, a line break or an invisible character': '开头或末尾有空格、换行或不可见字符',

  // Files.
  'names a file that is empty': '所指的文件是空的',
  'there is no such file': '没有这个文件',
  'this user is not allowed to read it': '当前用户无权读取',
  'it is a folder': '这是一个文件夹',
  'part of the path is a file, not a folder': '路径中有一段是文件，而不是文件夹',
  'the path is too long': '路径太长',
  'its symbolic links form a loop': '符号链接形成循环',

  // Of single rooms.
  'must be one line; several secrets are separated by commas': '必须是一行；多个密钥以半角逗号分隔',
  'must be at least 32 characters long (each secret of a comma-separated list)':
    '至少 32 个字符；以半角逗号分隔的列表中，每一项都是如此',
  'must be a redis:// or rediss:// address: with its host, special characters of user and password escaped (%40 for @, %23 for #), and nothing but the number of a database as its path':
    '必须是 redis:// 或 rediss:// 地址：含主机名，用户名和密码中的特殊字符须转义（@ 写作 %40，# 写作 %23），路径只能是数据库编号',
  'must be one address; several are for REDIS_MODE=sentinel or cluster':
    '只能是一个地址；多个地址用于 REDIS_MODE=sentinel 或 cluster',
  'must name no database for REDIS_MODE=cluster: a cluster has only one':
    '在 REDIS_MODE=cluster 时不能指定数据库：集群只有一个数据库',
  'must have the same scheme, user, password and database in all its addresses':
    '各地址的协议、用户名、密码和数据库必须相同',
  'needs REDIS_URL': '需要同时设置 REDIS_URL',
  'is required for REDIS_MODE=sentinel: the name under which the sentinels monitor the master':
    '在 REDIS_MODE=sentinel 时必填：哨兵所监控的主节点名称',
  'is used only with REDIS_MODE=sentinel': '只用于 REDIS_MODE=sentinel',
  'must not be longer than 255 characters': '不能超过 255 个字符',
  'must be a list such as key=value,key2=value2': '必须是形如 key=value,key2=value2 的列表',
  'must be ASCII letters, digits and symbols without spaces, as DingTalk shows it':
    '只能是 ASCII 字母、数字和符号，不含空格，与钉钉中显示的一致',
  'must be CorpIds such as ding0123456789abcdef: ASCII letters and digits':
    '必须是形如 ding0123456789abcdef 的 CorpId：ASCII 字母和数字',
  'must be true if {autoSignUp} is on without {corpId}: anyone with a DingTalk account could then register':
    '开启 {autoSignUp} 而未设置 {corpId} 时必须为 true：此时任何有钉钉账号的人都能注册',
  'needs {corpId}: without an organization, nothing is known about the people who register':
    '需要设置 {corpId}：不限定组织，就无从知道注册者是谁',
  'needs exactly one organization in {corpId}: DingTalk then asks for one of its dedicated accounts':
    '要求 {corpId} 中恰好有一个组织：钉钉将要求使用该组织的专属账号',
  'must not name root: NocoBase gives this role to nobody': '不能含 root：NocoBase 不会把该角色授予任何人',
  "must not use jobNumber, title or departments without {identity}=member: only the organization's record has them":
    '未设置 {identity}=member 时不能使用 jobNumber、title 或 departments：只有组织通讯录中才有',
  'must be the address of an HTTP proxy, such as http://user:password@proxy.example.com:3128':
    '必须是 HTTP 代理的地址，例如 http://user:password@proxy.example.com:3128',
  'must be one character class and a length from 1 to 512, such as [0-9a-f]{32}':
    '必须是一个字符集合加上 1 到 512 的长度，例如 [0-9a-f]{32}',
  "must be 3 to 32 letters and digits, as in DingTalk's developer console":
    '必须是 3 到 32 个字母和数字，与钉钉开发者后台中的一致',
  "must be the 43 letters and digits of DingTalk's developer console": '必须是钉钉开发者后台中的 43 个字母和数字',
  'must not be push without {eventToken} and {eventAesKey}: anyone could send events':
    '未设置 {eventToken} 和 {eventAesKey} 时不能是 push：否则任何人都能推送事件',
  'must list items like nickname=name:overwrite, separated by commas':
    '各项必须形如 nickname=name:overwrite，以半角逗号分隔',
  'must take its values from: name, email, phone, avatarUrl, jobNumber, title, departments':
    '取值只能来自：name、email、phone、avatarUrl、jobNumber、title、departments',
  'must end each item with one of: never, fill-empty, overwrite': '每一项必须以 never、fill-empty 或 overwrite 结尾',
  'must name fields by a letter and then letters, digits and "_"': '字段名必须以字母开头，其后只能是字母、数字和“_”',
  "must not name fields that are NocoBase's own, such as id, roles or password":
    '不能使用 NocoBase 自身的字段，例如 id、roles 或 password',
  'must fill phone from phone, email from email and nickname from name':
    'phone 只能取自 phone，email 只能取自 email，nickname 只能取自 name',
  'must name each field of users only once': '用户表的每个字段只能出现一次',
  'must be a name of letters, digits, "-" and "_"': '只能是由字母、数字、“-”和“_”组成的名称',
  'must be the two capital letters of a country (ISO 3166), such as CN':
    '必须是两个大写字母的国家或地区代码（ISO 3166），例如 CN',
  'must be one line of visible characters': '必须是一行可见字符',
  "must be a page of NocoBase's web clients such as /admin: not its API, files or sign-in pages, nor another application":
    '必须是 NocoBase 网页端的页面，例如 /admin：不能是其 API、文件或登录页，也不能是其他应用',
  "must list paths such as /portal: not NocoBase's API, files, sockets or sign-in pages, nor another application":
    '必须是 /portal 这样的路径：不能是 NocoBase 的 API、文件、WebSocket 或登录页，也不能是其他应用',
  'applies only to a sub-app: {app} must name it': '只用于子应用：须用 {app} 指定该子应用',
  'must be a path such as /api/, as API_BASE_PATH of NocoBase: without its APP_PUBLIC_PATH':
    '必须是 /api/ 这样的路径，与 NocoBase 的 API_BASE_PATH 一致，不含其 APP_PUBLIC_PATH',
  'must be one segment of a path such as v, as APP_MODERN_CLIENT_PREFIX of NocoBase':
    '必须是 v 这样的一段路径，与 NocoBase 的 APP_MODERN_CLIENT_PREFIX 一致',
  'must be up to 64 letters, digits or any of _.:~- such as NOCOBASE_, as API_CLIENT_STORAGE_PREFIX of NocoBase':
    '最多 64 个字母、数字或 _.:~- 中的字符，例如 NOCOBASE_，与 NocoBase 的 API_CLIENT_STORAGE_PREFIX 一致',
  'keeps nothing from one page to the next: {handoff} must then be query or auto':
    '不会在页面之间保留任何内容：此时 {handoff} 必须是 query 或 auto',
  'must be a path such as /signin or /signin?local=1': '必须是 /signin 或 /signin?local=1 这样的路径',
  'and AUTHENTICATORS_SOURCE=nocobase are both set: keep one':
    '与 AUTHENTICATORS_SOURCE=nocobase 同时设置：只能保留一个',
  'must be ticket (or auto) with AUTHENTICATORS_SOURCE=nocobase: the gateway then has no NocoBase secret, which page and query need':
    '在 AUTHENTICATORS_SOURCE=nocobase 时必须是 ticket（或 auto）：此时网关没有 page 和 query 所需的 NocoBase 密钥',

  // The shape of AUTHENTICATORS_FILE.
  'invalid input': '取值不符合要求',
  'must be a text': '必须是文本',
  'must be a whole number': '必须是整数',
  'must be a number': '必须是数字',
  'must be a list': '必须是列表',
  'must be a group of keys and values': '必须是一组键和值',
  'must be a text without a comma': '必须是不含逗号的文本',
  'must be a text, { file: path } or { env: NAME }': '必须是文本、{ file: 路径 } 或 { env: 变量名 }',
  'must be a name of at most 64 letters, digits, "-" and "_"': '必须是由字母、数字、“-”和“_”组成的名称，最多 64 个字符',
  'must be a PNG, JPEG, WebP or SVG file': '必须是 PNG、JPEG、WebP 或 SVG 文件',
  'names a file that cannot be read': '所指的文件无法读取',
};

/** Such a message in both languages; without a translation it stays English. */
export function ofVariable(said: string): Text {
  return text(said, CHINESE[said] ?? said);
}
