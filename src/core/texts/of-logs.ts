import { text } from './text.js';

/**
 * What the gateway says to its operator in the log, which is in English. Most lines say what happened by a code (`event`)
 * and are no sentences; those of the start stand with the commands.
 */
export const LOG = {
  cannotMeasure: (reason: string) => text(`cannot measure: ${reason}`, `无法记录指标：${reason}`),
  noTraces: (reason: string) => text(`no traces: ${reason}`, `没有链路追踪：${reason}`),
  departmentsNotRead: (reason: string) => text(`names of departments not read: ${reason}`, `未读取部门名称：${reason}`),
  unknownReason: text('unknown reason', '原因不明'),
  tokenPolicyNotRead: (reason: string) => text(`token policy not read yet: ${reason}`, `尚未读取令牌策略：${reason}`),
  defaultLifetime: (reason: string) =>
    text(
      `${reason}: NocoBase's default token lifetime of one day is used`,
      `${reason}：使用 NocoBase 默认的令牌有效期（一天）`,
    ),
  versionsDiffer: text(
    'gateway and plugin are of different versions: bring both to the same one',
    '网关与插件的版本不同：请让两者使用相同的版本',
  ),
  pluginNotPacked: text(
    'NocoBase cannot fetch the plugin here: `npm run build` packs it. PLUGIN_DOWNLOAD=false says that nobody should',
    'NocoBase 无法从此处下载插件：`npm run build` 会打包它。若不提供下载，请设置 PLUGIN_DOWNLOAD=false',
  ),
  untrustedProxy: text(
    'this proxy sends X-Forwarded-For, and TRUST_PROXY does not name it: all people behind it count as one address',
    '此代理发送 X-Forwarded-For，而 TRUST_PROXY 中没有它：其后的所有用户被视为同一个地址',
  ),
  untrustedStranger: text(
    'somebody at this public address sends X-Forwarded-For. If it is your proxy, name it in TRUST_PROXY; else do nothing',
    '有人从此公网地址发送 X-Forwarded-For。如果它是您的代理，请将其写入 TRUST_PROXY；否则无需处理',
  ),
} as const;
