import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';

/** The largest body we read, packed or unpacked. The longest honest answer is a few KiB. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A connection that takes longer will not come, TLS included; the time limit of the call is for the answer. */
const CONNECT_TIMEOUT_MS = 3000;
/**
 * How long one address of several may take before the next is tried, too. Node's own 250 ms are too short from abroad: with
 * an IPv6 address that leads nowhere, a handshake of 300 ms would never be waited for.
 * https://github.com/nodejs/node/issues/54359
 */
export const ADDRESS_ATTEMPT_MS = 1200;
/** One that was idle for this long may be closed at the other end already; what a server says of itself counts before it. */
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
 * What calls are sent through: undici's pools of connections that stay open, one for each way. No proxy is taken from the
 * environment. How many calls run at a time is decided before (upstream-resilience.ts).
 */
export class Dispatchers {
  private readonly direct = new Agent({ ...OPTIONS, connect: CONNECTING });
  private readonly proxied = new Map<string, ProxyAgent>();

  /** @param proxyUrl the HTTP proxy that leads there, if there is one */
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
 * A tunnel (CONNECT, RFC 9110 section 9.3.6): the proxy learns the host and the port, and nothing of what is said.
 *
 * @param proxyUrl with its user and password, if it asks for them
 */
export function throughProxy(proxyUrl: string): ProxyAgent {
  const { username, password } = new URL(proxyUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return new ProxyAgent({
    ...OPTIONS,
    uri: proxyUrl,
    // ProxyAgent makes its connections by these alone.
    proxyTls: CONNECTING,
    // The answer to CONNECT is part of connecting.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: CONNECT_TIMEOUT_MS }),
    proxyTunnel: true,
    ...(username === '' ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  });
}

/** undici tries again where a socket closes while connecting: a proxy that hangs up at once would be asked until time is up. */
function poolOf(origin: string | URL, options: object): Pool {
  return new Pool(origin, options).on('connectionError', (_origin, targets, error) => {
    void targets.at(-1)?.destroy(error);
  });
}

/** The status with which a proxy refused the tunnel; undefined where an error is another one. */
export function proxyRefusal(error: unknown): string | undefined {
  return error instanceof Error ? /^Proxy response \((\d{3})\)/.exec(error.message)?.[1] : undefined;
}
