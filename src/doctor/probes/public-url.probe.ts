import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isInsideAddress, readSight, SIGHT_ANSWER, SIGHT_QUESTION, sightQuestion } from '../../web/index.js';
import type { Settings } from '../../settings.js';
import { exchange, type Exchange, ExchangeError } from '../http-exchange.js';
import { attention, failed, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';
import { cannotConnect } from './cannot-connect.js';

const alive = z.object({ status: z.literal('ok') });
/** How the gateway says that a path is not one of its own. */
const notFound = z.object({ error: z.literal('not_found'), requestId: z.string() });

type Asked = Exchange | ExchangeError;

/** @returns how to stop it; undefined where the port is taken or the gateway cannot run */
export type ServeForAMoment = (settings: Settings) => Promise<(() => Promise<void>) | undefined>;

export interface ExaminedGateway extends Settings {
  /** Absent where the gateway that is examined serves already: it is this very process. */
  readonly serveForAMoment?: ServeForAMoment;
}

/**
 * Whether the address that browsers use leads here, with its path unchanged. Where the gateway does not run yet, it runs
 * for as long as this takes.
 */
export const publicUrlProbe: Probe<ExaminedGateway> = {
  id: 'public-url',
  title: text('Public address of the gateway', '网关的公开地址'),
  limitMs: 40_000,
  run: async (settings) => {
    const { publicUrl } = settings.app;
    const question = { [SIGHT_QUESTION]: sightQuestion(settings.auth.cookieSecrets) };
    const first = await ask(`${publicUrl}/health/live`, question);
    if (!looksAbsent(first)) return judge(settings, first);
    const stop = await settings.serveForAMoment?.(settings);
    if (stop === undefined) return judge(settings, first);
    try {
      return await judge(settings, await ask(`${publicUrl}/health/live`, question));
    } finally {
      await stop();
    }
  },
};

async function ask(url: string, headers: Record<string, string> = {}): Promise<Asked> {
  try {
    return await exchange(url, { headers });
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
}

/** Nobody there, or a proxy that finds nobody behind it. */
function looksAbsent(asked: Asked): boolean {
  return asked instanceof ExchangeError
    ? ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(asked.code)
    : [502, 503, 504].includes(asked.status);
}

async function judge({ app: { publicUrl, trustedProxies } }: Settings, asked: Asked): Promise<Finding> {
  if (asked instanceof ExchangeError) return cannotConnect('PUBLIC_URL', publicUrl, asked.code);
  if (asked.status === 200 && alive.safeParse(asked.json).success && (await isOurs(publicUrl))) {
    const leads = text(`${publicUrl} leads to the gateway, path unchanged`, `${publicUrl} 可访问网关，路径未改变`);
    return whoIsCounted(trustedProxies, asked.headers[SIGHT_ANSWER]) ?? ok(leads);
  }
  if (asked.status === 404 && notFound.safeParse(asked.json).success) {
    return failed(
      text(
        `the proxy changes the path: a request for ${new URL(publicUrl).pathname}/health/live arrives as another one`,
        `代理改变了路径：对 ${new URL(publicUrl).pathname}/health/live 的请求到达时路径已不同`,
      ),
      text(
        'Forward the path unchanged: nginx `proxy_pass http://gateway:3000;` without a path or slash at its end, Caddy `handle` (not `handle_path`), Traefik without StripPrefix. Or set PUBLIC_URL to the address without the path.',
        '请原样转发路径：nginx 用 `proxy_pass http://gateway:3000;`（末尾不带路径或斜杠），Caddy 用 `handle`（不是 `handle_path`），Traefik 不要用 StripPrefix。或将 PUBLIC_URL 设为不带路径的地址。',
      ),
    );
  }
  if (asked.status >= 300 && asked.status < 400) {
    return failed(
      text(`${publicUrl} redirects (HTTP ${asked.status})`, `${publicUrl} 会重定向（HTTP ${asked.status}）`),
      text(
        'Set PUBLIC_URL to where the browser ends up, with https:// and the right host name.',
        '请将 PUBLIC_URL 设为浏览器最终到达的地址（https:// 与正确的域名）。',
      ),
    );
  }
  if ([502, 503, 504].includes(asked.status)) {
    return failed(
      text(
        `a proxy answers, but finds no gateway behind it (HTTP ${asked.status})`,
        `代理有应答，但找不到后面的网关（HTTP ${asked.status}）`,
      ),
      text(
        "Point the proxy at the gateway's HOST:PORT, and let the two reach each other.",
        '请让代理指向网关的 HOST:PORT，并确保两者网络互通。',
      ),
    );
  }
  return failed(
    text(
      `another program answers at ${publicUrl} (HTTP ${asked.status})`,
      `${publicUrl} 由其他程序应答（HTTP ${asked.status}）`,
    ),
    text(
      `Send requests for ${publicUrl} to the gateway in your proxy, before the rule for NocoBase.`,
      `请在代理中将 ${publicUrl} 的请求转发到网关，并放在 NocoBase 的规则之前。`,
    ),
  );
}

/** Whether people behind a proxy are told apart; undefined where they are, as far as one request shows. */
function whoIsCounted(trusted: readonly string[], answer: unknown): Finding | undefined {
  const sight = readSight(answer);
  if (sight === undefined || sight.isTrusted === sight.isForwarded) return undefined;
  const { peer } = sight;
  if (sight.isTrusted) {
    return attention(
      text(
        `the proxy at ${peer} sends no X-Forwarded-For: all people behind it count as one address`,
        `位于 ${peer} 的代理没有发送 X-Forwarded-For：其后的所有人被当作同一个地址`,
      ),
      text('Let it send X-Forwarded-For.', '请让代理发送 X-Forwarded-For。'),
    );
  }
  const line = `TRUST_PROXY=${[...trusted, peer].join(',')}`;
  const whose = isInsideAddress(peer)
    ? text('', '')
    : text(', if that is your own proxy', '（前提是它确实是您的代理）');
  return attention(
    text(
      `the gateway sees the proxy at ${peer}, which TRUST_PROXY does not name: all people behind it count as one address`,
      `网关看到的是位于 ${peer} 的代理，而 TRUST_PROXY 中没有它：其后的所有人被当作同一个地址`,
    ),
    text(`Set ${line}${whose.en}.`, `请设置 ${line}${whose.zh}。`),
  );
}

/** Others also say that they are alive. */
async function isOurs(publicUrl: string): Promise<boolean> {
  const asked = await ask(`${publicUrl}/doctor-${randomBytes(8).toString('hex')}`);
  return !(asked instanceof ExchangeError) && notFound.safeParse(asked.json).success;
}
