import { SUB_APP_SECRET } from '../../core/doctor/index.js';
import { sentences, type Text, text } from '../../core/texts/index.js';

/** About a stock NocoBase: whether it responds, and the rights of the gateway's key. */
export const REACHABLE = {
  title: text('NocoBase', 'NocoBase 服务'),
  noApplication: (app: string) => text(`NocoBase has no application ${app}`, `NocoBase 没有应用 ${app}`),
  setApplication: text(
    'Set {nocobase.app} to the name of the sub-app, or remove it for the main application.',
    '请将 {nocobase.app} 设为子应用名称；主应用则删除该变量。',
  ),
  starting: (code: string) =>
    text(`NocoBase is starting, or failing (${code})`, `NocoBase 正在启动或出现故障（${code}）`),
  wait: text(
    "Wait a minute and run this again; if the problem persists, NocoBase's log says why.",
    '请稍等一分钟再运行；若仍如此，请查看 NocoBase 日志。',
  ),
  startIt: text(
    'Start NocoBase, and check {nocobase.url}: the address at which the gateway reaches NocoBase (inside Compose: http://nocobase:13000), without /api.',
    '请启动 NocoBase，并检查 {nocobase.url}：应为网关访问 NocoBase 的地址（Compose 中如 http://nocobase:13000），不含 /api。',
  ),
  versionUnknown: text('answers; version unknown', '有响应；版本未知'),
  version: (version: string) => text(`version ${version}`, `版本 ${version}`),
  planUpdate: text('The gateway is tested with NocoBase 2. Plan an update.', '网关在 NocoBase 2 上测试，请计划升级。'),
  anotherProgram: (url: string, status: number) =>
    text(
      `something answers at ${url}, but it is not NocoBase (HTTP ${status})`,
      `${url} 有响应，但不是 NocoBase（HTTP ${status}）`,
    ),
  followRedirect: text(
    'The address redirects: set {nocobase.url} to the final address.',
    '该地址会重定向：请将 {nocobase.url} 设为最终地址。',
  ),
  setToNocoBase: text(
    'Set {nocobase.url} to the address of NocoBase itself, with its path if it has one, without /api.',
    '请将 {nocobase.url} 指向 NocoBase 本身，含其路径（若有），不含 /api。',
  ),
} as const;

export const KEY = {
  title: text('NocoBase API key', 'NocoBase API 密钥'),
  whose: (id: number, username: string, role: string) =>
    text(`user ${id} (${username}), role ${role}`, `用户 ${id}（${username}），角色 ${role}`),
  whoseWithoutName: (id: number, role: string) => text(`user ${id}, role ${role}`, `用户 ${id}，角色 ${role}`),
  tooMuch: (whose: Text) => text(`${whose.en}: far more rights than a sign-in needs`, `${whose.zh}：权限远超登录所需`),
  ownsNocoBase: text('Anyone who obtains this key controls NocoBase.', '任何人拿到该密钥即可控制 NocoBase。'),
  refused: (code: string) => text(`NocoBase refuses it (${code})`, `NocoBase 拒绝（${code}）`),

  // Reasons; what to do follows.
  noKey: text(
    'It is not an API key of NocoBase: those contain two dots.',
    '它不是 NocoBase 的 API 密钥：这种密钥含两个点。',
  ),
  deleted: text('The key was deleted in NocoBase.', '该密钥已在 NocoBase 中删除。'),
  notOfThisOne: text(
    "The key belongs to another NocoBase, was truncated, or NocoBase's APP_KEY has changed.",
    '该密钥不属于此 NocoBase、被截断，或 NocoBase 更换了 APP_KEY。',
  ),
  userDeleted: text("The key's user was deleted.", '密钥所属用户已被删除。'),
  roleGone: text("The key's user no longer has the key's role.", '密钥所属用户已不再拥有该密钥的角色。'),
  doesNotWork: text('The key does not work.', '该密钥无法使用。'),
  provision: text(
    'Run `nocobase-dingtalk-gateway provision` and set {nocobase.apiToken} to the key that it prints.',
    '请运行 `nocobase-dingtalk-gateway provision`，并将 {nocobase.apiToken} 设为它打印的密钥。',
  ),
} as const;

export const RIGHTS = {
  title: text("Rights of the key's role", '密钥角色的权限'),
  exact: (collections: Text) => text(`exactly what is needed on ${collections.en}`, `恰好满足需要：${collections.zh}`),
  missing: (rights: string) => text(`missing: ${rights}`, `缺少：${rights}`),
  makeRole: text(
    'Run `nocobase-dingtalk-gateway provision` and set {nocobase.apiToken} to the key that it prints: it creates a dedicated role.',
    '请运行 `nocobase-dingtalk-gateway provision`，并将 {nocobase.apiToken} 设为它打印的密钥：它会创建专用角色。',
  ),
  repairRole: (command: string) =>
    text(`Run \`${command}\` again: it repairs the role.`, `请再次运行 \`${command}\` 修复角色。`),
  byHand: text(
    'By hand: NocoBase, Settings, Users & Permissions, Roles & Permissions, the role, Data sources, Main, the collection.',
    '手动方式：NocoBase → 设置 → 用户和权限 → 角色和权限 → 该角色 → 数据源 → 主数据源 → 对应数据表。',
  ),
  more: (rights: string) => text(`all that is needed, and more: ${rights}`, `所需权限齐全，但还有多余权限：${rights}`),
  takeAway: text(
    'A leaked key should do as little harm as possible: run `nocobase-dingtalk-gateway provision`, or remove these rights.',
    '密钥泄露时应尽量少造成影响：请运行 `nocobase-dingtalk-gateway provision`，或去掉这些权限。',
  ),
} as const;

/**
 * Where NocoBase 2.2.15 keeps it (`getDefaultJWTSecret` in `@nocobase/auth`): in main's folder, for every application.
 */
const SET_JWT_SECRET = text(
  "{nocobase.jwtSecret} is not this NocoBase's secret. Use NocoBase's APP_KEY; but if NocoBase has a file storage/apps/main/jwt_secret.dat, that file takes precedence (unless NocoBase runs with UNSAFE_USE_DEFAULT_JWT_SECRET=true): set {nocobase.jwtSecret_FILE} to the path of an exact copy.",
  '{nocobase.jwtSecret} 不是此 NocoBase 的密钥。应为 NocoBase 的 APP_KEY；若 NocoBase 有文件 storage/apps/main/jwt_secret.dat，则以该文件为准（除非 NocoBase 设置了 UNSAFE_USE_DEFAULT_JWT_SECRET=true）：请原样复制该文件，并将 {nocobase.jwtSecret_FILE} 设为副本的路径。',
);

export const JWT_SECRET = {
  title: text('Secret for NocoBase sessions', 'NocoBase 会话密钥'),
  accepted: text('NocoBase accepts a token signed with it', 'NocoBase 接受用它签名的令牌'),
  refused: (code: string) =>
    text(`NocoBase refuses a token signed with it (${code})`, `NocoBase 拒绝用它签名的令牌（${code}）`),
  set: SET_JWT_SECRET,
  setForSubApp: sentences(
    SET_JWT_SECRET,
    text(
      "That file belongs to the main application, and also applies to sub-apps without their own secret; a sub-app's own secret is in its options in NocoBase (authManager.jwt.secret), not in a file.",
      '该文件属于主应用，没有单独密钥的子应用也使用它；子应用单独的密钥在 NocoBase 的子应用选项中（authManager.jwt.secret），不在任何文件里。',
    ),
  ),
} as const;

/** If the gateway has to find out by a call whether a sub-app has its own secret. */
export const ASKED_OF_SUB_APP = {
  mainDoesNotAnswer: (code: string) =>
    text(`could not be checked: the main application does not answer (${code})`, `无法检查：主应用没有响应（${code}）`),
  olderPlugin: text('could not be checked: the plugin is older than this gateway', '无法检查：插件版本低于网关'),
  partHere: sentences(
    SUB_APP_SECRET.part,
    text(
      'Then set {nocobase.jwtSecret} of this authenticator to the same value.',
      '然后将此认证器的 {nocobase.jwtSecret} 设为相同的值。',
    ),
  ),
} as const;
