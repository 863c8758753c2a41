// A port that nothing listens on, and that nobody else is given meanwhile. Types: free-port.d.mts.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// Below the range from which systems assign ports (Linux: from 32768): no outgoing connection and no listen(0) takes one of these.
const FIRST = 20_000;
const COUNT = 10_000;

let next = Math.floor(Math.random() * COUNT);

/**
 * Seconds may pass between this answer and the start of the server that listens there. Therefore the UDP port of the same number,
 * which nothing here uses, is held until this process ends: other processes that look for a port try that first, and skip it.
 */
export async function freePort() {
  for (let tried = 0; tried < COUNT; tried += 1) {
    const port = FIRST + (next++ % COUNT);
    if ((await marked(port)) && (await nobodyListens(port))) {
      return port;
    }
  }
  throw new Error(`no free port from ${FIRST} to ${FIRST + COUNT - 1}`);
}

async function marked(port) {
  const socket = createSocket('udp4');
  socket.unref();
  return new Promise((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

async function nobodyListens(port) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
