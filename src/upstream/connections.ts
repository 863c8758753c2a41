import { Client } from 'undici';

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

/**
 * Connections that stay open, each lent to one exchange at a time; no proxy is taken from the environment. How many there
 * are is decided by how many calls run at a time (upstream-resilience.ts).
 *
 * Not undici's own `Pool`: it counts a connection as free only some time after its answer, and would make a second one to
 * DingTalk for the second call of a sign-in.
 */
export class Connections {
  /** By origin; the one that was used last first, so that those that nobody needs any more end. */
  private readonly idle = new Map<string, Client[]>();

  take(origin: string): Client {
    return this.idle.get(origin)?.pop() ?? new Client(origin, OPTIONS);
  }

  /** @param client one whose answer was read to its end */
  giveBack(origin: string, client: Client): void {
    const known = this.idle.get(origin);
    if (known === undefined) this.idle.set(origin, [client]);
    else known.push(client);
  }
}
