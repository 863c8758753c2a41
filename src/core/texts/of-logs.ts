import { text } from './text.js';

/**
 * The gateway's log messages for operators, which are in English. Most lines have a code (`event`) instead of a
 * sentence; those about the start are with the commands.
 */
export const LOG = {
  cannotMeasure: (reason: string) => text(`metrics could not be recorded: ${reason}`, `无法记录指标：${reason}`),
  noTraces: (reason: string) => text(`traces are off: ${reason}`, `链路追踪未启用：${reason}`),
  departmentsNotRead: (reason: string) =>
    text(`department names could not be read: ${reason}`, `无法读取部门名称：${reason}`),
  unknownReason: text('unknown reason', '原因不明'),
  tokenPolicyNotRead: (reason: string) => text(`token policy not read yet: ${reason}`, `尚未读取令牌策略：${reason}`),
  defaultLifetime: (reason: string) =>
    text(
      `${reason}: NocoBase's default token lifetime of one day is used`,
      `${reason}：使用 NocoBase 默认的令牌有效期（一天）`,
    ),
  versionsDiffer: text(
    'gateway and plugin have different versions: use the same version of both',
    '网关与插件的版本不同：请让两者使用相同的版本',
  ),
  pluginNotPacked: text(
    'NocoBase cannot download the plugin from here: build it with `npm run build`, or set PLUGIN_DOWNLOAD=false to offer no download',
    'NocoBase 无法从此处下载插件：请运行 `npm run build` 打包；若不提供下载，请设置 PLUGIN_DOWNLOAD=false',
  ),
  untrustedProxy: text(
    'this proxy sends X-Forwarded-For but is not in TRUST_PROXY: everyone behind it shares one address',
    '此代理发送 X-Forwarded-For，而 TRUST_PROXY 中没有它：其后的所有用户被视为同一个地址',
  ),
  untrustedStranger: text(
    'a client at this public address sends X-Forwarded-For. If it is your proxy, add it to TRUST_PROXY; otherwise do nothing',
    '此公网地址的客户端发送了 X-Forwarded-For。如果它是您的代理，请将其加入 TRUST_PROXY；否则无需处理',
  ),
} as const;
