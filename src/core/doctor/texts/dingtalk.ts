import { type Text, text } from '../../texts/index.js';

/** About DingTalk's hosts and the application, in the order of the probes. */
export const HOSTS = {
  title: (which: string) => text(`Connection to DingTalk (${which})`, `连接钉钉（${which}）`),
  reached: (host: string, version: string, versions: string, tls: Text) =>
    text(
      `${host} over ${version} (DNS has ${versions}), ${tls.en}`,
      `${host}，经由 ${version}（域名支持 ${versions}），${tls.zh}`,
    ),
  noTls: text('no TLS', '无 TLS'),
  certificate: (validTo: string) => text(`certificate valid until ${validTo}`, `证书有效期至 ${validTo}`),
  byProxy: (host: string, proxy: string) => text(`${host} through the proxy ${proxy}`, `${host}，经由代理 ${proxy}`),
  failedWith: (way: Text, code: string) => text(`${way.en}: ${code}`, `${way.zh}：${code}`),

  proxyPassword: text(
    'The proxy requires a user name and password: add them to {dingtalk.proxyUrl}, as http://user:password@host:port. Percent-encode special characters, such as %40 for @.',
    '代理要求用户名和密码：请写入 {dingtalk.proxyUrl}，形如 http://user:password@host:port；特殊字符需转义，例如 @ 写作 %40。',
  ),
  proxyRefuses: (host: string) =>
    text(`The proxy refuses the connection: allow ${host} there.`, `代理拒绝了该连接：请在代理上放行 ${host}。`),
  lookAtProxy: text(
    'Check {dingtalk.proxyUrl}: is the address right, and can the proxy reach DingTalk?',
    '请检查 {dingtalk.proxyUrl}：地址是否正确，代理能否访问钉钉？',
  ),
  notResolved: text(
    'The host name does not resolve: check DINGTALK_*_URL and the DNS of this machine or container.',
    '域名无法解析：请检查 DINGTALK_*_URL 以及本机或容器的 DNS。',
  ),
  badTimes: text(
    "First check this machine's clock (date): if it is wrong, valid certificates are rejected. If it is right, a proxy on the way may be intercepting TLS with its own certificate.",
    '请先检查本机时钟（date）：时钟不准时，有效的证书也会被判为无效。若时钟正确，可能有代理拦截 TLS 并使用它自己的证书。',
  ),
  badCertificate: text(
    "The certificate is not trusted: a proxy on the way may be intercepting TLS (give its CA to Node with NODE_EXTRA_CA_CERTS), the system's root certificates may be missing, or the clock may be wrong.",
    '证书不受信任：可能有代理拦截 TLS（用 NODE_EXTRA_CA_CERTS 提供其 CA）、系统缺少根证书，或时钟不准。',
  ),
  environmentProxy: text(
    'No connection. HTTPS_PROXY is set, but {program} does not use it: to reach DingTalk through a proxy, set {dingtalk.proxyUrl}.',
    '无法连接。已设置 HTTPS_PROXY，但{program}不会使用它：如需经代理访问钉钉，请设置 {dingtalk.proxyUrl}。',
  ),
  openFirewall: text(
    'No connection: allow outgoing connections to this host in the firewall, and check DINGTALK_*_URL.',
    '无法连接：请在防火墙中放行到该主机的出站连接，并检查 DINGTALK_*_URL。',
  ),
} as const;

/** Another probe covers this. */
const ADDRESS_REFUSED_FIRST = text(
  "not tested: DingTalk refuses this server's IP address first",
  '未检查：钉钉已先拒绝本服务器的 IP 地址',
);

export const CREDENTIALS = {
  title: text('Client ID and Client Secret', 'Client ID 与 Client Secret'),
  accepted: text('DingTalk accepts them', '钉钉已接受'),
  addressRefusedFirst: ADDRESS_REFUSED_FIRST,
  refused: (code: string) => text(`DingTalk refuses them (${code})`, `钉钉拒绝（${code}）`),
  copyThem: text(
    'open-dev.dingtalk.com, your application, Credentials: copy Client ID to {dingtalk.clientId} and Client Secret to {dingtalk.clientSecret}, without spaces. A reset secret takes effect immediately.',
    'open-dev.dingtalk.com → 您的应用 → 凭证与基础信息：将 Client ID 填入 {dingtalk.clientId}，Client Secret 填入 {dingtalk.clientSecret}，不要带空格。重置后的密钥立即生效。',
  ),
  noToken: (code: string) => text(`DingTalk gives no app access token (${code})`, `钉钉未返回应用访问令牌（${code}）`),
  lookCodeUp: text(
    'Try again in a minute; if the problem persists, look up the code at open.dingtalk.com (server API error codes).',
    '请稍后重试；若仍如此，请在 open.dingtalk.com 查询该错误码。',
  ),
} as const;

export const EGRESS = {
  title: text('Egress IP allowlist', '服务器出口 IP 白名单'),
  answered: text(
    'DingTalk accepts this server; your other servers must be on the list, too',
    '钉钉接受本服务器；您的其他服务器也须在白名单内',
  ),
  refused: (code: string) =>
    text(`DingTalk refuses the address of this server (${code})`, `钉钉拒绝本服务器的 IP 地址（${code}）`),
  refusedAs: (ip: string, code: string) =>
    text(
      `DingTalk sees this server as ${ip} and refuses it (${code})`,
      `钉钉看到本服务器的 IP 为 ${ip}，并拒绝访问（${code}）`,
    ),
  add: (ip: Text) =>
    text(
      `open-dev.dingtalk.com, your application, Security settings, Server egress IP: add ${ip.en}; with IPv6, both addresses.`,
      `open-dev.dingtalk.com → 您的应用 → 安全设置 → 服务器出口 IP：添加 ${ip.zh}；若使用 IPv6，请同时添加两种地址。`,
    ),
  unknownIp: text('the address from which this server reaches the internet', '本服务器访问外网时的 IP'),
} as const;

export const MEMBER_PERMISSION = {
  title: text('Permission qyapi_get_member', '权限 qyapi_get_member（成员信息读权限）'),
  addressRefusedFirst: ADDRESS_REFUSED_FIRST,
  openFirewall: text(
    'Silent sign-in inside DingTalk does not work without it: allow outgoing connections to this host in the firewall, and check {dingtalk.oapiUrl}.',
    '无法在钉钉内免登：请在防火墙中放行到该主机的出站连接，并检查 {dingtalk.oapiUrl}。',
  ),
  granted: text('granted', '已开通'),
  nobodyCanSignIn: text(
    'not granted, or not published (60011): nobody can sign in',
    '未开通或未发布（60011）：所有人都无法登录',
  ),
  noSilentSignIn: text(
    'not granted, or not published (60011): no silent sign-in inside DingTalk',
    '未开通或未发布（60011）：无法在钉钉内免登',
  ),
  grant: text(
    'open-dev.dingtalk.com, your application, Permission management: grant qyapi_get_member (member information); then Version management: publish.',
    'open-dev.dingtalk.com → 您的应用 → 权限管理：开通 qyapi_get_member（成员信息读权限）；然后在“版本管理与发布”发布。',
  ),
  scopeTooSmall: (code: number) =>
    text(`the contact scope of the application is too small (${code})`, `应用的通讯录授权范围不足（${code}）`),
  widenScope: text(
    'open-dev.dingtalk.com, your application, Permission management, Contact scope: all employees, or the departments that sign in; then publish.',
    'open-dev.dingtalk.com → 您的应用 → 权限管理 → 通讯录权限范围：选择全部员工或需要登录的部门，然后发布。',
  ),
  notSaid: (code: number) => text(`DingTalk did not say (${code})`, `钉钉未给出结论（${code}）`),
  lookCodeUp: text(
    'Try again in a minute; if the problem persists, look up the code at open.dingtalk.com.',
    '请稍后重试；若仍如此，请在 open.dingtalk.com 查询该错误码。',
  ),
} as const;

/** For an administrator who looks up a person by userid. */
export const MEMBER_LOOKUP = {
  refused: text('DingTalk does not accept the Client ID and Client Secret', '钉钉不接受该 Client ID 和 Client Secret'),
  notGranted: text(
    'DingTalk: error 60011. Grant the permission qyapi_get_member: open-dev.dingtalk.com, the application, Permissions',
    '钉钉：错误 60011。请开通权限 qyapi_get_member：open-dev.dingtalk.com › 该应用 › 权限管理',
  ),
  failed: (code: number) => text(`DingTalk: error ${code}`, `钉钉：错误 ${code}`),
} as const;

export const CONSENT = {
  title: text('Permissions that only a sign-in confirms', '只有实际登录才能验证的权限'),
  ofMembers: text('Contact.User.Read, employee mobile number', 'Contact.User.Read、员工手机号'),
  ofProfiles: text('Contact.User.Read, Contact.User.mobile', 'Contact.User.Read、Contact.User.mobile'),
  needsPerson: (permissions: Text) =>
    text(`cannot be checked without a sign-in: ${permissions.en}`, `须实际登录才能检查：${permissions.zh}`),
  signIn: (permissions: Text) =>
    text(
      `Sign in once yourself. If a page or the log says that one is missing: open-dev.dingtalk.com, your application, Permission management: grant ${permissions.en}; then Version management: publish, and consent again.`,
      `请自己登录一次。若页面或日志提示缺少其中之一：open-dev.dingtalk.com → 您的应用 → 权限管理：开通 ${permissions.zh}；然后在“版本管理与发布”发布，并重新授权登录。`,
    ),
} as const;

export const ORGANIZATION = {
  title: text('Organization ({dingtalk.corpId})', '组织（{dingtalk.corpId}）'),
  none: text(
    'no organization is set: anyone DingTalk lets through can sign in',
    '未指定组织：钉钉放行的任何人都可以登录',
  ),
  setYours: text(
    'Set {dingtalk.corpId} to the CorpId of your organization: open-dev.dingtalk.com, top right, the organization.',
    '请将 {dingtalk.corpId} 设为您的组织的 CorpId：open-dev.dingtalk.com 右上角的组织信息。',
  ),
  known: text('the application belongs to it', '应用属于该组织'),
  unknown: (corpIds: Text) =>
    text(
      `according to DingTalk, the application does not belong to ${corpIds.en}`,
      `钉钉表示该应用不属于 ${corpIds.zh}`,
    ),
  setItsOwn: text(
    'Set {dingtalk.corpId} to the CorpId of the organization that the application was created in: open-dev.dingtalk.com, top right, the organization.',
    '请将 {dingtalk.corpId} 设为创建该应用的组织的 CorpId：open-dev.dingtalk.com 右上角的组织信息。',
  ),
} as const;

export const REDIRECT = {
  title: text('Redirect URL registered at DingTalk', '在钉钉登记的重定向 URL'),
  refused: (callback: string, status: number) =>
    text(
      `DingTalk refuses the request for ${callback} (HTTP ${status})`,
      `钉钉拒绝了 ${callback} 的请求（HTTP ${status}）`,
    ),
  notRefused: (callback: string) =>
    text(
      `${callback} is not refused outright; only a sign-in confirms that it is registered`,
      `${callback} 未被直接拒绝；只有实际登录才能确认已登记`,
    ),
  enter: (callback: string) =>
    text(
      `open-dev.dingtalk.com, your application, Security settings, Redirect URL: enter exactly ${callback} ; then Version management: publish.`,
      `open-dev.dingtalk.com → 您的应用 → 安全设置 → 重定向 URL：原样填写 ${callback} ；然后在“版本管理与发布”发布。`,
    ),
} as const;
