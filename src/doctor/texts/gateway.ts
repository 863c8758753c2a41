import { COPY_CLIENT_SECRET } from '../../core/doctor/index.js';
import { type Text, text } from '../../core/texts/index.js';

/** About the gateway as a whole, in the order of its probes. */
export const CONFIGURATION = {
  title: text('Configuration', '配置'),
  complete: (publicUrl: string) => text(`complete; PUBLIC_URL is ${publicUrl}`, `完整；PUBLIC_URL 为 ${publicUrl}`),
  correctOrRemove: text('Correct these variables, or remove them.', '请更正或删除这些变量。'),
  correct: text(
    'Correct these variables (.env.example explains each); `check` tests only the configuration.',
    '请更正以上变量（.env.example 中有逐项说明）；可用 `check` 命令单独检查配置。',
  ),
} as const;

export const IGNORED_VARIABLES = {
  title: text('Settings without effect', '不起作用的设置'),
  decidedInNocoBase: (names: Text) =>
    text(`set here, but NocoBase decides: ${names.en}`, `在此处设置，但由 NocoBase 决定：${names.zh}`),
  lookAtForm: text(
    'With the plugin, these settings are in the form in NocoBase (Settings, Authentication, DingTalk): check them there, and remove them here.',
    '使用插件时，这些设置在 NocoBase 的表单中（设置 → 用户认证 → 钉钉）：请在那里检查，并从此处删除。',
  ),
} as const;

export const SECRETS = {
  title: text('Strength of the secrets', '密钥强度'),
  good: (names: string) => text(`long and random enough: ${names}`, `长度和随机性足够：${names}`),
  and: text(' and ', ' 与 '),
  same: (names: Text) => text(`${names.en} are the same`, `${names.zh} 相同`),

  /** The issuer of a secret also issues the new one. */
  remedies: {
    AUTH_COOKIE_SECRET: text(
      'AUTH_COOKIE_SECRET: set what `openssl rand -base64 48` prints, and use it for nothing else.',
      'AUTH_COOKIE_SECRET：设为 `openssl rand -base64 48` 的输出，不要用于其他用途。',
    ),
    '{dingtalk.clientSecret}': COPY_CLIENT_SECRET,
    '{nocobase.apiToken}': text(
      '{nocobase.apiToken}: set the key that `nocobase-dingtalk-gateway provision` prints.',
      '{nocobase.apiToken}：设为 `nocobase-dingtalk-gateway provision` 打印的密钥。',
    ),
    '{nocobase.jwtSecret}': text(
      "{nocobase.jwtSecret}: copy NocoBase's; if it really is this one, change it in NocoBase (its file jwt_secret.dat, or APP_KEY where there is none): everyone must sign in again, and all API keys become invalid.",
      '{nocobase.jwtSecret}：从 NocoBase 复制；如果确实就是它，请在 NocoBase 中更换（文件 jwt_secret.dat；没有该文件时为 APP_KEY）：所有人需重新登录，全部 API 密钥失效。',
    ),
  },
} as const;

/** About risks that the operator has accepted. */
export const ALLOWED_HTTP = {
  better: text(
    'ALLOW_PRIVATE_HTTP=true accepts this. Better: https with a certificate of an internal CA, whose root NocoBase and the gateway trust by NODE_EXTRA_CA_CERTS.',
    'ALLOW_PRIVATE_HTTP=true 表示接受该风险。更好的做法：使用内部 CA 签发的证书启用 https，并通过 NODE_EXTRA_CA_CERTS 让 NocoBase 和网关信任其根证书。',
  ),
} as const;

export const REDIS = {
  title: text('Shared store (Redis)', '共享存储（Redis）'),
  none: text(
    'no REDIS_URL: used states are kept in memory, which works for a single process only',
    '未设置 REDIS_URL：已用状态保存在内存中，只适用于单个进程',
  ),
  works: text('answers; SET NX with a lifetime works', '有响应；带有效期的 SET NX 正常'),
  forgets: text(
    'answers, but SET NX with a lifetime does not work correctly',
    '有响应，但带有效期的 SET NX 行为不正确',
  ),
  takeRealOne: text(
    'Use a real Redis (or Valkey) of version 6.2 or newer.',
    '请使用 6.2 或更高版本的 Redis（或 Valkey）。',
  ),
  doesNotWork: (code: string) =>
    text(
      `does not work (${code}): every sign-in would end in "try again later"`,
      `无法使用（${code}）：所有登录都会以“请稍后再试”结束`,
    ),
  lookAtAddress: text(
    'Check REDIS_MODE and REDIS_URL (host, port, user, password, rediss:// for TLS), and that Redis is running, is not a read-only replica and accepts connections from this machine.',
    '请检查 REDIS_MODE 和 REDIS_URL（主机、端口、用户、密码，TLS 用 rediss://），以及 Redis 是否在运行、不是只读副本，并允许本机连接。',
  ),
} as const;
