import { Client, type Dispatcher, ProxyAgent } from 'undici';

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

const OPTIONS: Client.Options = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  keepAliveTimeout: IDLE_MS,
  maxResponseSize: MAX_BODY_BYTES,
  // The whole exchange has one time limit (http-exchange.ts).
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** What one exchange at a time is sent through: a connection, or a way through a proxy. */
export type Connection = Pick<Dispatcher, 'dispatch' | 'destroy'>;

/**
 * Connections that stay open, each lent to one exchange at a time; no proxy is taken from the environment. How many there
 * are is decided by how many calls run at a time (upstream-resilience.ts).
 *
 * Not undici's own `Pool`: it counts a connection as free only some time after its answer, and would make a second one to
 * DingTalk for the second call of a sign-in.
 */
export class Connections {
  /** By way and origin; the one that was used last first, so that those that nobody needs any more end. */
  private readonly idle = new Map<string, Connection[]>();

  take(origin: string, proxyUrl?: string): Connection {
    return this.idle.get(way(origin, proxyUrl))?.pop() ?? connectTo(origin, proxyUrl);
  }

  /** @param connection one whose answer was read to its end */
  giveBack(origin: string, proxyUrl: string | undefined, connection: Connection): void {
    const known = this.idle.get(way(origin, proxyUrl));
    if (known === undefined) this.idle.set(way(origin, proxyUrl), [connection]);
    else known.push(connection);
  }
}

function way(origin: string, proxyUrl = ''): string {
  return `${proxyUrl} ${origin}`;
}

function connectTo(origin: string, proxyUrl: string | undefined): Connection {
  return proxyUrl === undefined ? new Client(origin, OPTIONS) : throughProxy(proxyUrl);
}

/**
 * A tunnel (CONNECT, RFC 9110 section 9.3.6): the proxy learns the host and the port, and nothing of what is said.
 *
 * @param proxyUrl with its user and password, if it asks for them
 */
export function throughProxy(proxyUrl: string): ProxyAgent {
  const { username, password } = new URL(proxyUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const connecting = {
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  return new ProxyAgent({
    ...OPTIONS,
    uri: proxyUrl,
    // ProxyAgent makes its connections by these alone.
    proxyTls: connecting,
    clientFactory: withoutReconnecting,
    proxyTunnel: true,
    // One at a time, as everywhere.
    connections: 1,
    ...(username === '' ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  });
}

/** A client waits for the next connection when one is closed on it: a proxy that hangs up at once would be asked for ever. */
function withoutReconnecting(origin: URL, options: object): Client {
  const client = new Client(origin, options);
  client.on('connectionError', (_origin, _targets, error) => void client.destroy(error));
  client.on('disconnect', (_origin, _targets, error) => void client.destroy(error));
  return client;
}

/** The status with which a proxy refused the tunnel; undefined where an error is another one. */
export function proxyRefusal(error: unknown): string | undefined {
  return error instanceof Error ? /^Proxy response \((\d{3})\)/.exec(error.message)?.[1] : undefined;
}
