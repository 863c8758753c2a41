import { lookup } from 'node:dns/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { errorCode } from '../error-code.js';
import { exchange } from '../http-exchange.js';
import type { Patient } from '../patient.js';
import { failed, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

const TIMEOUT_MS = 5000;

/** Name, connection and certificate of one of DingTalk's hosts. */
function hostProbe(
  which: 'login' | 'api' | 'oapi',
  applies: (patient: Patient) => boolean = () => true,
): Probe<Patient> {
  return {
    id: `dingtalk.host.${which}`,
    title: text(`Connection to DingTalk (${which})`, `连接钉钉（${which}）`),
    applies,
    run: async ({ authenticator: { dingtalk }, settings }) => {
      const url = new URL(dingtalk[`${which}Url`]);
      return dingtalk.proxyUrl === undefined
        ? reach(url, settings.environmentProxy)
        : reachByProxy(url, new URL(dingtalk.proxyUrl));
    },
  };
}

export const hostProbes: readonly Probe<Patient>[] = [
  hostProbe('login'),
  hostProbe('api'),
  // Elsewhere only silent sign-in inside DingTalk needs it, which is the question of `dingtalk.permission.member`.
  hostProbe('oapi', ({ authenticator }) => authenticator.dingtalk.identity === 'member'),
];

async function reach(url: URL, environmentProxy: boolean): Promise<Finding> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  try {
    const addresses = await lookup(host, { all: true });
    const { family, validTo } = await connected(url.protocol === 'https:', host, port);
    const version = family === 'IPv6' ? 'IPv6' : 'IPv4';
    const others = addresses.some((address) => `IPv${address.family}` !== version) ? 'IPv4 + IPv6' : version;
    const tls =
      validTo === undefined
        ? text('no TLS', '无 TLS')
        : text(`certificate valid until ${validTo}`, `证书有效期至 ${validTo}`);
    return ok(
      text(
        `${host} over ${version} (has ${others}), ${tls.en}`,
        `${host}，经由 ${version}（域名支持 ${others}），${tls.zh}`,
      ),
    );
  } catch (error) {
    return unreachable(host, port, errorCode(error), environmentProxy);
  }
}

async function connected(
  tls: boolean,
  host: string,
  port: number,
): Promise<{ family: string | undefined; validTo: string | undefined }> {
  return new Promise((resolve, reject) => {
    const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', reject);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      // Node has refused a certificate that is not valid for this name and time.
      const validTo = tls ? (socket as TLSSocket).getPeerCertificate().valid_to : undefined;
      resolve({ family: socket.remoteFamily, validTo });
      socket.destroy();
    });
  });
}

async function reachByProxy(url: URL, proxy: URL): Promise<Finding> {
  const way = text(`${url.host} by the proxy ${proxy.host}`, `${url.host}，经由代理 ${proxy.host}`);
  try {
    // Any answer shows that the way is open.
    await exchange(url.href, { headers: { accept: 'text/html' }, timeoutMs: TIMEOUT_MS, proxyUrl: proxy.href });
    return ok(way);
  } catch (error) {
    const code = errorCode(error);
    const what = text(`${way.en}: ${code}`, `${way.zh}：${code}`);
    if (code === 'PROXY_407') {
      return failed(
        what,
        text(
          'The proxy asks for a user and a password: put them into DINGTALK_PROXY_URL, as http://user:password@host:port. Write special characters as %40 and the like.',
          '代理要求用户名和密码：请写入 DINGTALK_PROXY_URL，形如 http://user:password@host:port；特殊字符需转义，如 %40。',
        ),
      );
    }
    if (code.startsWith('PROXY_')) {
      return failed(
        what,
        text(
          `The proxy refuses the connection: have ${url.host} allowed there.`,
          `代理拒绝了该连接：请在代理上放行 ${url.host}。`,
        ),
      );
    }
    return failed(
      what,
      text(
        'Look at DINGTALK_PROXY_URL: is its address right, and may the proxy reach DingTalk?',
        '请检查 DINGTALK_PROXY_URL：地址是否正确，代理能否访问钉钉？',
      ),
    );
  }
}

function unreachable(host: string, port: number, code: string, environmentProxy: boolean): Finding {
  const what = text(`${host}:${port} ${code}`, `${host}:${port} ${code}`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failed(
      what,
      text(
        'The name does not resolve: look at DINGTALK_*_URL and at the DNS of this machine or container.',
        '域名无法解析：请检查 DINGTALK_*_URL 以及本机或容器的 DNS。',
      ),
    );
  }
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    return failed(
      what,
      text(
        "First look at this machine's clock (date): while it is wrong, good certificates look like this. If it is right, a proxy on the way may read TLS and show a certificate of its own.",
        '请先检查本机时钟（date）：时钟不准时，有效的证书也会被判为无效。若时钟正确，可能有代理拦截 TLS 并使用它自己的证书。',
      ),
    );
  }
  if (/CERT|SELF_SIGNED|ALTNAME|SSL|TLS|ISSUER|VERIFY/.test(code)) {
    return failed(
      what,
      text(
        "The certificate is not trusted: a proxy on the way may read TLS (give its CA to Node with NODE_EXTRA_CA_CERTS), the system's certificates may be missing, or the clock may be off.",
        '证书不受信任：可能有代理拦截 TLS（用 NODE_EXTRA_CA_CERTS 提供其 CA）、系统缺少根证书，或时钟不准。',
      ),
    );
  }
  if (environmentProxy) {
    return failed(
      what,
      text(
        'Nothing answers. HTTPS_PROXY is set, but the gateway takes no proxy from there: set DINGTALK_PROXY_URL if DingTalk is to be reached through it.',
        '无法连接。已设置 HTTPS_PROXY，但网关不会使用它：如需经代理访问钉钉，请设置 DINGTALK_PROXY_URL。',
      ),
    );
  }
  return failed(
    what,
    text(
      'Nothing answers: open the firewall for outgoing connections to this host, and look at DINGTALK_*_URL.',
      '无法连接：请在防火墙中放行到该主机的出站连接，并检查 DINGTALK_*_URL。',
    ),
  );
}
