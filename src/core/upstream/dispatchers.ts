import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';

/** Limit of a body, compressed or not. The longest honest response is a few KiB. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Timeout for a connection, including TLS; the time limit of the call covers the response. */
const CONNECT_TIMEOUT_MS = 3000;
/**
 * How long to wait for one of several addresses before also trying the next. Node's own 250 ms are too short from
 * abroad: with an unreachable IPv6 address, it would give up on any handshake of 300 ms.
 * https://github.com/nodejs/node/issues/54359
 */
export const ADDRESS_ATTEMPT_MS = 1200;
/** After this idle time the server may have closed the connection already; its own Keep-Alive hint takes precedence. */
const IDLE_MS = 10_000;

const CONNECTING = {
  timeout: CONNECT_TIMEOUT_MS,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
};

const OPTIONS = {
  factory: poolOf,
  keepAliveTimeout: IDLE_MS,
  maxResponseSize: MAX_BODY_BYTES,
  // The whole exchange has one time limit (send-by-undici.ts).
  headersTimeout: 0,
  bodyTimeout: 0,
} satisfies Agent.Options;

/**
 * Undici's pools of persistent connections, one for each proxy or none. No proxy is taken from the environment. The
 * number of concurrent calls is limited elsewhere (upstream-resilience.ts).
 */
export class Dispatchers {
  private readonly direct = new Agent({ ...OPTIONS, connect: CONNECTING });
  private readonly proxied = new Map<string, ProxyAgent>();

  /** @param proxyUrl the HTTP proxy to use, if there is one */
  by(proxyUrl: string | undefined): Dispatcher {
    if (proxyUrl === undefined) return this.direct;
    const known = this.proxied.get(proxyUrl);
    if (known !== undefined) return known;
    const made = throughProxy(proxyUrl);
    this.proxied.set(proxyUrl, made);
    return made;
  }
}

/**
 * A tunnel (CONNECT, RFC 9110 section 9.3.6): the proxy learns host and port, and none of the content.
 *
 * @param proxyUrl with its user and password, if required
 */
export function throughProxy(proxyUrl: string): ProxyAgent {
  const { username, password } = new URL(proxyUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return new ProxyAgent({
    ...OPTIONS,
    uri: proxyUrl,
    // ProxyAgent uses only these for its connections.
    proxyTls: CONNECTING,
    // The response to CONNECT is part of connecting.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: CONNECT_TIMEOUT_MS }),
    proxyTunnel: true,
    ...(username === '' ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  });
}

/**
 * undici retries if a socket closes while connecting: it would call a proxy that hangs up at once until the timeout.
 */
function poolOf(origin: string | URL, options: object): Pool {
  return new Pool(origin, options).on('connectionError', (_origin, targets, error) => {
    void targets.at(-1)?.destroy(error);
  });
}

/** The status with which a proxy refused the tunnel; undefined for any other error. */
export function proxyRefusal(error: unknown): string | undefined {
  return error instanceof Error ? /^Proxy response \((\d{3})\)/.exec(error.message)?.[1] : undefined;
}
