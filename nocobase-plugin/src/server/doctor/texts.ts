import { type Text, text } from '../../../../src/core/texts/text.js';

/** Texts of the button "Test" for a NocoBase that signs people in by itself; the others are in `src/core/doctor/texts`. */
export const SETTINGS = {
  title: text('Settings', '设置'),
  complete: (redirectUrl: string) =>
    text(`filled in; the Redirect URL is ${redirectUrl}`, `已填写；重定向 URL 为 ${redirectUrl}`),
  missing: (fields: Text) => text(`not filled in: ${fields.en}`, `未填写：${fields.zh}`),
  addressOfNocoBase: text('"Address of NocoBase"', '“NocoBase 地址”'),
  fillIn: text('Fill this in and save, then test again.', '请填写并保存，然后重新测试。'),
  clientIdVariable: (variable: string) =>
    text(
      `{dingtalk.clientId} cannot be filled in: NocoBase has no variable ${variable}, or it is a secret`,
      `{dingtalk.clientId} 无法填入：NocoBase 没有变量 ${variable}，或它是密文`,
    ),
  plainVariable: text(
    'NocoBase, Settings, Variables and secrets: make it a plain variable. Or enter the Client ID itself.',
    'NocoBase → 设置 → 变量和密钥：将其设为普通变量。或直接填写 Client ID。',
  ),
  correctVariables: text(
    "Correct these variables in NocoBase's environment, and restart NocoBase.",
    '请在 NocoBase 的环境变量中更正，然后重新启动 NocoBase。',
  ),
} as const;

/** In NocoBase 2.2.15 its key is where `AesEncryptor.create` in `@nocobase/server` looks for it. */
const SAME_KEY = (app: string): Text =>
  text(
    `All nodes need the same key: the same APP_AES_SECRET_KEY, or copies of one file storage/apps/${app}/aes_key.dat (APP_AES_SECRET_KEY_PATH).`,
    `所有节点必须使用相同的密钥：相同的 APP_AES_SECRET_KEY，或同一文件 storage/apps/${app}/aes_key.dat 的副本（APP_AES_SECRET_KEY_PATH）。`,
  );

export const CLIENT_SECRET = {
  title: text('Stored Client Secret', '保存的 Client Secret'),
  opens: (app: string) => text(`this node can read it. ${SAME_KEY(app).en}`, `本节点可以读取。${SAME_KEY(app).zh}`),
  doesNotOpen: text(
    'this node cannot read it: it was saved under another key of NocoBase, or by a node with another key',
    '本节点无法读取：保存时 NocoBase 使用的是另一个密钥，或由密钥不同的节点保存',
  ),
  enterAgain: (app: string) =>
    text(
      `Enter {dingtalk.clientSecret} again and save. ${SAME_KEY(app).en}`,
      `请重新填写 {dingtalk.clientSecret} 并保存。${SAME_KEY(app).zh}`,
    ),
} as const;

export const ADDRESS = {
  title: text('Address of NocoBase', 'NocoBase 地址'),
  same: (address: string) => text(`${address}, the address that you have open`, `${address}，与您打开的地址一致`),
  notSaid: (address: string) =>
    text(`${address}; this request does not say where it comes from`, `${address}；此请求未说明来自哪个地址`),
  differs: (opened: string, saved: string) =>
    text(
      `you have opened ${opened}, but people return from DingTalk to ${saved}`,
      `您打开的是 ${opened}，而用户从钉钉返回 ${saved}`,
    ),
  openOrCorrect: text(
    'Set "Address of NocoBase" in this form to the address that people open, and register the new Redirect URL at DingTalk. If it is correct, have everyone open NocoBase at that address.',
    '请将表单中的“NocoBase 地址”设为用户打开的地址，并在钉钉登记新的重定向 URL。若该地址正确，请让所有人都用它打开 NocoBase。',
  ),
} as const;

export const PLAIN = {
  better: text(
    '"Allow http in a private network" accepts this risk. Better: https with a certificate from an internal CA.',
    '“允许在内网使用 http”表示接受该风险。更好的做法：使用内部 CA 签发的证书启用 https。',
  ),
} as const;

export const PROXIES = {
  title: text('Proxies in front of NocoBase', 'NocoBase 前面的代理'),
  none: text('this request came without a proxy', '此请求未经过代理'),
  trusted: (proxy: string) =>
    text(
      `the proxy at ${proxy} is trusted: people behind it are distinguished`,
      `位于 ${proxy} 的代理受信任：可以区分其后的用户`,
    ),
  untrusted: (proxy: string) =>
    text(
      `NocoBase sees the proxy at ${proxy}, which "Trusted proxies" does not contain: everyone behind it is treated as one address`,
      `NocoBase 看到的是位于 ${proxy} 的代理，而“受信任的代理”中没有它：其后的所有人被当作同一个地址`,
    ),
  enter: (proxy: string) =>
    text(`Enter ${proxy} in "Trusted proxies" and save.`, `请在“受信任的代理”中填写 ${proxy} 并保存。`),
  enterIfYours: (proxy: string) =>
    text(
      `Enter ${proxy} in "Trusted proxies", if that is your own proxy.`,
      `请在“受信任的代理”中填写 ${proxy}（前提是它确实是您的代理）。`,
    ),
} as const;
