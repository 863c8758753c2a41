// A port that nobody listens on and nobody else is given meanwhile. Types: free-port.d.mts.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// Below what systems hand out by themselves (Linux: from 32768): no outgoing connection and no listen(0) takes one of these.
const FIRST = 20_000;
const COUNT = 10_000;

let next = Math.floor(Math.random() * COUNT);

/**
 * Between this answer and the server that listens there, seconds may pass. So the port's namesake of UDP, which nobody
 * here uses, is held until this process ends: whoever asks for a port in another process tries that first, and goes on.
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
