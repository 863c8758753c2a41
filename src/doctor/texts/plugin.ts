import type { PluginTrouble } from '../../core/errors/index.js';
import { type Text, text } from '../../core/texts/index.js';
import type { VersionGap } from '../../plugin-client/index.js';

/** About NocoBase's companion plugin. */
export const PLUGIN = {
  title: text('DingTalk plugin of NocoBase', 'NocoBase 钉钉插件'),
  knows: text('knows this gateway', '认识此网关'),
  knowsKey: (version: string, key: string) =>
    text(
      `version ${version}, knows this gateway, whose signing key is ${key}`,
      `版本 ${version}，认识此网关，其签名密钥为 ${key}`,
    ),
  takesOlderKey: (version: string, key: string) =>
    text(`version ${version}, still uses a key older than ${key}`, `版本 ${version}，仍在使用 ${key} 之前的旧密钥`),
  pinNewKey: (key: string) =>
    text(
      `While AUTH_COOKIE_SECRET is being rotated: restart every process with the same list. If keys are pinned in the DingTalk form, pin ${key} before you remove the old secret.`,
      `轮换 AUTH_COOKIE_SECRET 期间：请用相同的列表重启所有进程。如果钉钉表单中固定了密钥，请在删除旧密钥之前固定 ${key}。`,
    ),
  notEnabled: (authenticator: string) =>
    text(
      `knows this gateway, but ${authenticator} is not enabled: nobody can use it yet`,
      `认识此网关，但 ${authenticator} 未启用：暂时无人可用`,
    ),
} as const;

const differ = (gateway: string, plugin: string) =>
  text(`the gateway is ${gateway}, the plugin ${plugin}`, `网关为 ${gateway}，插件为 ${plugin}`);

export const PLUGIN_VERSION = {
  title: text('Versions of gateway and plugin', '网关与插件的版本'),
  same: (version: string) => text(`both are ${version}`, `均为 ${version}`),
  what: {
    plugin_older: (gateway: string, plugin: string) =>
      text(`the plugin is older: ${differ(gateway, plugin).en}`, `插件较旧：${differ(gateway, plugin).zh}`),
    gateway_older: (gateway: string, plugin: string) =>
      text(`the gateway is older: ${differ(gateway, plugin).en}`, `网关较旧：${differ(gateway, plugin).zh}`),
    different: (gateway: string, plugin: string) =>
      text(`they differ: ${differ(gateway, plugin).en}`, `两者不同：${differ(gateway, plugin).zh}`),
  } satisfies Record<VersionGap, unknown>,
  fix: {
    plugin_older: (gatewayUrl: string) =>
      text(
        `NocoBase, Plugin manager, DingTalk plugin: update it to the gateway's version, from the URL ${gatewayUrl}/plugin.tgz or by upload.`,
        `NocoBase → 插件管理器 → 钉钉插件：通过 URL ${gatewayUrl}/plugin.tgz 或上传，更新到网关的版本。`,
      ),
    gateway_older: (plugin: string) =>
      text(
        `Update the gateway to ${plugin}. Only gateway and plugin of the same version are tested together.`,
        `请将网关更新到 ${plugin}。只有版本相同的网关与插件经过共同测试。`,
      ),
    different: (gatewayUrl: string) =>
      text(
        `Use the same version of both. The gateway's own plugin is at ${gatewayUrl}/plugin.tgz.`,
        `请让两者使用相同的版本。与网关配套的插件位于 ${gatewayUrl}/plugin.tgz。`,
      ),
  } satisfies Record<VersionGap, unknown>,
} as const;

export const PLUGIN_SETTINGS = {
  title: text('Settings in NocoBase', 'NocoBase 中的设置'),
  correctForm: text(
    'NocoBase, Settings, Authentication: correct the form of this authenticator and save it.',
    'NocoBase → 设置 → 用户认证：更正该认证器的表单并保存。',
  ),
} as const;

export const ADDRESS = {
  title: text("NocoBase's address in its form", 'NocoBase 表单中的地址'),
  same: (publicUrl: string) => text(`${publicUrl} in both places`, `两处均为 ${publicUrl}`),
  differs: (publicUrl: string) =>
    text(`${publicUrl} here, a different one in NocoBase`, `此处为 ${publicUrl}，NocoBase 中为其他地址`),
} as const;

interface Explained {
  readonly what: Text;
  /** `gatewayUrl` is the address to enter in NocoBase. */
  readonly fix: Text | ((gatewayUrl: string) => Text);
}

const UNREACHABLE: Explained = {
  what: text('NocoBase does not answer, or is starting', 'NocoBase 没有响应，或正在启动'),
  fix: text(
    'Start NocoBase, wait a minute, and check {nocobase.url}: the address at which the gateway reaches it, without /api.',
    '请启动 NocoBase 并稍等片刻，检查 {nocobase.url}：应为网关访问 NocoBase 的地址，不含 /api。',
  ),
};

/** Why it provides no authenticators for this gateway, and what to do. */
export const PLUGIN_TROUBLES: Readonly<Record<PluginTrouble, Explained>> = {
  starting: UNREACHABLE,
  unreachable: UNREACHABLE,
  plugin_missing: {
    what: text('it is not installed in NocoBase, or not activated', 'NocoBase 未安装该插件，或未启用'),
    fix: (gatewayUrl) =>
      text(
        `NocoBase, Plugin manager: add the DingTalk plugin of the same version as the gateway (from the URL ${gatewayUrl}/plugin.tgz, or by upload), and activate it. For a sub-app, do this in the sub-app.`,
        `NocoBase → 插件管理器：添加与网关版本相同的钉钉插件（通过 URL ${gatewayUrl}/plugin.tgz 或上传）并启用。子应用请在子应用中操作。`,
      ),
  },
  gateway_unknown: {
    what: text('it answers, but does not know this gateway', '插件有响应，但不认识此网关'),
    fix: (gatewayUrl) =>
      text(
        `In NocoBase, set Gateway address to ${gatewayUrl} (Settings, Authentication, DingTalk; "Add new" if there is none).`,
        `请在 NocoBase 中将“网关地址”设为 ${gatewayUrl}（设置 → 用户认证 → 钉钉；没有则点击“添加”）。`,
      ),
  },
  address_differs: {
    what: text("it knows this gateway, but not NocoBase's address", '插件认识此网关，但 NocoBase 地址不一致'),
    fix: text(
      'Set {nocobase.publicUrl} to the address at which browsers open NocoBase, as in the DingTalk form; or open NocoBase at that address and save the form again.',
      '请将 {nocobase.publicUrl} 设为浏览器打开 NocoBase 的地址，并与钉钉表单中的一致；或用该地址打开 NocoBase 后重新保存表单。',
    ),
  },
  keys_unreachable: {
    what: text("NocoBase's server cannot fetch the gateway's keys", 'NocoBase 服务器无法获取网关的公钥'),
    fix: (gatewayUrl) =>
      text(
        `NocoBase's server must reach ${gatewayUrl}/.well-known/jwks.json. If it needs another address for that, enter it in NocoBase as the internal gateway address.`,
        `NocoBase 服务器必须能访问 ${gatewayUrl}/.well-known/jwks.json。若需使用其他地址，请在 NocoBase 中填写网关内部地址。`,
      ),
  },
  key_not_pinned: {
    what: text("the keys pinned in NocoBase are not this gateway's", 'NocoBase 固定的密钥与此网关的密钥不同'),
    fix: text(
      'Compare "Signing keys" of `nocobase-dingtalk-gateway check` with "Pinned keys of the gateway" in the DingTalk form. If AUTH_COOKIE_SECRET was changed, pin the new key and remove the old one. If it was not, someone else may be answering at the gateway\'s address.',
      '请核对 `nocobase-dingtalk-gateway check` 输出的“签名密钥”（Signing keys）与钉钉表单中的“固定的网关密钥”。如果更换过 AUTH_COOKIE_SECRET，请固定新密钥并删除旧密钥；如果没有更换，可能有人在冒充网关响应。',
    ),
  },
  assertion_refused: {
    what: text("NocoBase refuses the gateway's signature", 'NocoBase 拒绝了网关的签名'),
    fix: text(
      'Compare the clocks of both machines, which may differ by a minute at most (NTP), give every process of the gateway the same AUTH_COOKIE_SECRET, and {nocobase.app} the name of the application that has the plugin.',
      '请核对两台机器的时钟（NTP，最多可相差一分钟），让所有网关进程使用相同的 AUTH_COOKIE_SECRET，并将 {nocobase.app} 设为启用了该插件的应用名称。',
    ),
  },
  none_enabled: {
    what: text('no DingTalk authenticator is enabled', '没有已启用的钉钉认证器'),
    fix: text(
      'NocoBase, Settings, Authentication, DingTalk: tick "Enabled".',
      'NocoBase → 设置 → 用户认证 → 钉钉：勾选“启用”。',
    ),
  },
  none_usable: {
    what: text('no DingTalk authenticator is filled in completely', '没有填写完整的钉钉认证器'),
    fix: text('NocoBase, Settings, Authentication, DingTalk.', 'NocoBase → 设置 → 用户认证 → 钉钉。'),
  },
  unusable_answer: {
    what: text('this gateway does not understand its answer', '网关无法识别插件的响应'),
    fix: text(
      "Install the same version of gateway and plugin, and check NocoBase's log.",
      '请让网关与插件使用相同的版本，并查看 NocoBase 日志。',
    ),
  },
};
