import { attention, failed, type Finding } from '../probe.js';
import { text } from '../../core/texts/index.js';

/** An address for browsers that does not answer this machine. */
export function cannotConnect(variable: 'PUBLIC_URL' | 'NOCOBASE_PUBLIC_URL', url: string, code: string): Finding {
  const what = text(`${url} does not answer (${code})`, `${url} 没有应答（${code}）`);
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    return failed(
      what,
      text(
        "First look at this machine's clock (date): while it is wrong, good certificates look like this, and browsers accept them. If it is right, renew the certificate.",
        '请先检查本机时钟（date）：时钟不准时，有效的证书也会被判为无效，而浏览器仍会接受。若时钟正确，请更新证书。',
      ),
    );
  }
  if (/CERT|SELF_SIGNED|ALTNAME|SSL|TLS|ISSUER|VERIFY|EPROTO/.test(code)) {
    return failed(
      what,
      text(
        `Browsers will refuse it, too, unless they have a CA that this machine lacks (NODE_EXTRA_CA_CERTS): install a certificate for this very name, with its whole chain.`,
        '浏览器同样会拒绝，除非浏览器信任本机没有的 CA（NODE_EXTRA_CA_CERTS）：请为该域名安装含完整证书链的证书。',
      ),
    );
  }
  if (code === 'ETIMEDOUT' || code === 'ENETUNREACH' || code === 'EHOSTUNREACH') {
    return attention(
      what,
      text(
        'This machine may be kept from its own public address. Open it in a browser: it must answer there.',
        '本机可能无法访问自己的公开地址。请在浏览器中打开确认能正常访问。',
      ),
    );
  }
  return failed(
    what,
    text(
      `Look at ${variable}, at the DNS entry of its name, and whether the proxy runs and listens there.`,
      `请检查 ${variable}、其域名的 DNS 记录，以及代理是否在该地址运行监听。`,
    ),
  );
}
