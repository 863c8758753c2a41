import { lookup } from 'node:dns/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { errorCode } from '../error-code.js';
import { exchange } from '../http-exchange.js';
import type { DingTalkContext } from '../dingtalk-context.js';
import { failed, type Finding, ok, type Probe } from '../probe.js';
import { verbatim } from '../../texts/index.js';
import { HOSTS } from '../texts/dingtalk.js';

const TIMEOUT_MS = 5000;

/** Name, connection and certificate of one of DingTalk's hosts. */
function hostProbe(
  which: 'login' | 'api' | 'oapi',
  applies: (context: DingTalkContext) => boolean = () => true,
): Probe<DingTalkContext> {
  return {
    id: `dingtalk.host.${which}`,
    title: HOSTS.title(which),
    applies,
    run: async ({ application, environmentProxy }) => {
      const url = new URL(application[`${which}Url`]);
      return application.proxyUrl === undefined
        ? reach(url, environmentProxy)
        : reachByProxy(url, new URL(application.proxyUrl));
    },
  };
}

export const hostProbes: readonly Probe<DingTalkContext>[] = [
  hostProbe('login'),
  hostProbe('api'),
  // Otherwise only silent sign-in inside DingTalk needs it, which `dingtalk.permission.member` checks.
  hostProbe('oapi', ({ application }) => application.identity === 'member'),
];

async function reach(url: URL, environmentProxy: boolean): Promise<Finding> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  try {
    const addresses = await lookup(host, { all: true });
    const { family, validTo } = await connected(url.protocol === 'https:', host, port);
    const version = family === 'IPv6' ? 'IPv6' : 'IPv4';
    const others = addresses.some((address) => `IPv${address.family}` !== version) ? 'IPv4 + IPv6' : version;
    const tls = validTo === undefined ? HOSTS.noTls : HOSTS.certificate(validTo);
    return ok(HOSTS.reached(host, version, others, tls));
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
  const way = HOSTS.byProxy(url.host, proxy.host);
  try {
    // Any response proves that the host can be reached.
    await exchange(url.href, { headers: { accept: 'text/html' }, timeoutMs: TIMEOUT_MS, proxyUrl: proxy.href });
    return ok(way);
  } catch (error) {
    const code = errorCode(error);
    const what = HOSTS.failedWith(way, code);
    if (code === 'PROXY_407') {
      return failed(what, HOSTS.proxyPassword);
    }
    if (code.startsWith('PROXY_')) {
      return failed(what, HOSTS.proxyRefuses(url.host));
    }
    return failed(what, HOSTS.lookAtProxy);
  }
}

function unreachable(host: string, port: number, code: string, environmentProxy: boolean): Finding {
  const what = verbatim(`${host}:${port} ${code}`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failed(what, HOSTS.notResolved);
  }
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    return failed(what, HOSTS.badTimes);
  }
  if (/CERT|SELF_SIGNED|ALTNAME|SSL|TLS|ISSUER|VERIFY/.test(code)) {
    return failed(what, HOSTS.badCertificate);
  }
  if (environmentProxy) {
    return failed(what, HOSTS.environmentProxy);
  }
  return failed(what, HOSTS.openFirewall);
}
