import { text } from '../../core/texts/index.js';

/** About the addresses at which browsers open gateway and NocoBase. */
export const PUBLIC_URL = {
  title: text('Public address of the gateway', '网关的公开地址'),
  leadsHere: (url: string) => text(`${url} leads to the gateway, path unchanged`, `${url} 可访问网关，路径未改变`),
  pathChanged: (path: string) =>
    text(
      `the proxy changes the path: a request for ${path} arrives with a different path`,
      `代理改变了路径：对 ${path} 的请求到达时路径已不同`,
    ),
  forwardUnchanged: text(
    'Forward the path unchanged: nginx `proxy_pass http://gateway:3000;` without a path or slash at its end, Caddy `handle` (not `handle_path`), Traefik without StripPrefix. Or set PUBLIC_URL to the address without the path.',
    '请原样转发路径：nginx 用 `proxy_pass http://gateway:3000;`（末尾不带路径或斜杠），Caddy 用 `handle`（不是 `handle_path`），Traefik 不要用 StripPrefix。或将 PUBLIC_URL 设为不带路径的地址。',
  ),
  redirects: (url: string, status: number) =>
    text(`${url} redirects (HTTP ${status})`, `${url} 会重定向（HTTP ${status}）`),
  setToWhereItEnds: text(
    'Set PUBLIC_URL to the address where the browser ends up, with https:// and the right host name.',
    '请将 PUBLIC_URL 设为浏览器最终到达的地址（https:// 与正确的域名）。',
  ),
  nobodyBehind: (status: number) =>
    text(
      `a proxy answers, but finds no gateway behind it (HTTP ${status})`,
      `代理有响应，但找不到后面的网关（HTTP ${status}）`,
    ),
  pointProxyHere: text(
    "Point the proxy at the gateway's HOST:PORT, and let the two reach each other.",
    '请让代理指向网关的 HOST:PORT，并确保两者网络互通。',
  ),
  anotherProgram: (url: string, status: number) =>
    text(`another program answers at ${url} (HTTP ${status})`, `${url} 由其他程序响应（HTTP ${status}）`),
  sendHere: (url: string) =>
    text(
      `Send requests for ${url} to the gateway in your proxy, before the rule for NocoBase.`,
      `请在代理中将 ${url} 的请求转发到网关，并放在 NocoBase 的规则之前。`,
    ),

  // Whether people behind a proxy can be distinguished.
  untrustedProxy: (proxy: string) =>
    text(
      `the gateway sees the proxy at ${proxy}, which is not in TRUST_PROXY: everyone behind it shares one address`,
      `网关看到的是位于 ${proxy} 的代理，而 TRUST_PROXY 中没有它：其后的所有用户被视为同一个地址`,
    ),
  trust: (line: string) => text(`Set ${line}.`, `请设置 ${line}。`),
  trustIfYours: (line: string) =>
    text(`Set ${line}, if that is your own proxy.`, `请设置 ${line}（前提是它确实是您的代理）。`),
} as const;

/** An address for browsers that cannot be reached from this machine: the gateway's, or NocoBase's. */
export const NO_ANSWER_HERE = {
  badTimes: text(
    "First check this machine's clock (date): if it is wrong, valid certificates are rejected here, though browsers accept them. If it is right, renew the certificate.",
    '请先检查本机时钟（date）：时钟不准时，有效的证书也会被判为无效，而浏览器仍会接受。若时钟正确，请更新证书。',
  ),
  badCertificate: text(
    'Browsers will refuse it, too, unless they trust a CA that this machine does not (NODE_EXTRA_CA_CERTS): install a certificate for this host name, with its whole chain.',
    '浏览器同样会拒绝，除非浏览器信任本机没有的 CA（NODE_EXTRA_CA_CERTS）：请为该域名安装含完整证书链的证书。',
  ),
  maybeKeptFromHere: text(
    'This machine may be unable to reach its own public address. Open it in a browser to make sure that it answers there.',
    '本机可能无法访问自己的公开地址。请在浏览器中打开确认能正常访问。',
  ),
  lookAtSetting: (name: string) =>
    text(
      `Check ${name}, the DNS record of its host name, and that the proxy is running and listening there.`,
      `请检查 ${name}、其域名的 DNS 记录，以及代理是否正在运行并监听该地址。`,
    ),
} as const;

export const NOCOBASE_PUBLIC_URL = {
  title: text('Public address of NocoBase', 'NocoBase 的公开地址'),
  isNocoBase: (url: string) => text(`${url} is NocoBase`, `${url} 是 NocoBase`),
  somethingElse: (url: string, status: number) =>
    text(`something other than NocoBase answers at ${url} (HTTP ${status})`, `${url} 不是 NocoBase（HTTP ${status}）`),
  setToNocoBase: text(
    'Set {nocobase.publicUrl} to the address at which browsers open NocoBase, with https:// and its path if it has one (APP_PUBLIC_PATH).',
    '请将 {nocobase.publicUrl} 设为浏览器打开 NocoBase 的地址，含 https:// 与路径（若设置了 APP_PUBLIC_PATH）。',
  ),
} as const;

export const HAND_OFF = {
  title: text('Hand-off of the session', '会话交接方式'),
  twoOrigins: (gateway: string, nocobase: string) =>
    text(
      `page, but ${gateway} and ${nocobase} have different origins: the browser stores the session where NocoBase cannot read it`,
      `page，但 ${gateway} 与 ${nocobase} 不同源：NocoBase 无法读取浏览器保存的会话`,
    ),
  setAuto: text(
    'Set {nocobase.handoff}=auto, or put both behind one host name and set PUBLIC_URL and {nocobase.publicUrl} to it.',
    '请设置 {nocobase.handoff}=auto，或将两者放到同一域名下，并相应设置 PUBLIC_URL 与 {nocobase.publicUrl}。',
  ),
  page: text('page: same origin, the session never appears in a URL', 'page：同源，会话不会出现在 URL 中'),
  query: text(
    "query: NocoBase's own ?token=; keep query strings out of the access logs of the proxy in front of NocoBase",
    'query：使用 NocoBase 自带的 ?token=；请勿让 NocoBase 前面的代理记录查询参数',
  ),
} as const;

export const PASSWORD_PATH = {
  title: text('Password sign-in page', '密码登录入口'),
  leadsElsewhere: (address: string) => text(`${address} does not lead back to the gateway`, `${address} 不会回到网关`),
  leadsBack: (address: string) =>
    text(
      `${address} leads back to the gateway: NocoBase's sign-in form cannot be opened when DingTalk is down`,
      `${address} 会回到网关：钉钉不可用时，无法打开 NocoBase 的登录表单`,
    ),
  setLocal: text(
    'Set {nocobase.passwordPath}=/signin?local=1, which the proxy recipes leave to NocoBase.',
    '请设置 {nocobase.passwordPath}=/signin?local=1，反向代理示例会把它留给 NocoBase。',
  ),
} as const;

export const NOCOBASE_PAGE = {
  title: text("Addresses shown by NocoBase's page", 'NocoBase 页面所示的地址设置'),
  saysNothing: (status: number) => text(`the page does not show them (HTTP ${status})`, `页面未说明（HTTP ${status}）`),
  same: text('the same as here', '与此处一致'),
  differs: (names: string) => text(`NocoBase's values differ from ${names}`, `NocoBase 所示与 ${names} 不同`),
  setAsThere: (lines: string) =>
    text(
      `Set ${lines}, as in NocoBase, or change NocoBase's own variable.`,
      `请按 NocoBase 的设置填写 ${lines}；或修改 NocoBase 自己的变量。`,
    ),
  newClient: (entryMode: string) =>
    text(
      `NocoBase opens its new client (APP_CLIENT_ENTRY_MODE is ${entryMode}), but the gateway leads to the classic one`,
      `NocoBase 默认打开新客户端（APP_CLIENT_ENTRY_MODE 为 ${entryMode}），而网关进入旧客户端`,
    ),
  setDefaultPath: (path: string) =>
    text(`Set {nocobase.defaultPath}=${path}.`, `请设置 {nocobase.defaultPath}=${path}。`),
} as const;
