import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** A connection that takes longer will not come; the time limit of the call is for the answer. */
const CONNECT_TIMEOUT_MS = 3000;
/** More sockets than calls at a time; one that was idle for this long may be closed at the other end already. */
const OPTIONS = { keepAlive: true, maxSockets: 64, timeout: 10_000 } as const;

/** Gives up on a socket that does not get connected (and, for TLS, agreed upon) in time. */
export function limitConnecting<Socket extends Duplex>(
  socket: Socket,
  ready: 'connect' | 'secureConnect',
  ms: number,
): Socket {
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
  }, ms);
  for (const event of [ready, 'close']) socket.once(event, () => clearTimeout(timer));
  return socket;
}

class ImpatientHttpAgent extends HttpAgent {
  override createConnection(...parameters: Parameters<HttpAgent['createConnection']>) {
    const socket = super.createConnection(...parameters);
    return socket && limitConnecting(socket, 'connect', CONNECT_TIMEOUT_MS);
  }
}

class ImpatientHttpsAgent extends HttpsAgent {
  override createConnection(...parameters: Parameters<HttpsAgent['createConnection']>) {
    const socket = super.createConnection(...parameters);
    return socket && limitConnecting(socket, 'secureConnect', CONNECT_TIMEOUT_MS);
  }
}

export const agents = (): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } => ({
  httpAgent: new ImpatientHttpAgent(OPTIONS),
  httpsAgent: new ImpatientHttpsAgent(OPTIONS),
});
