import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A callback takes 15 s at most; no request gets more time. */
const PATIENCE_MS = 16_000;

/**
 * Stops on a signal: accepts no new requests, finishes running ones, does not wait for idle connections, and ends the
 * process with 0.
 */
export function stopGracefully(gateway: NestFastifyApplication): void {
  const server: Server = gateway.getHttpServer();
  const open = new Set<Socket>();
  const served = new Set<Socket>();
  let stopping = false;

  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    served.add(socket);
    response.once('close', () => {
      served.delete(socket);
      if (stopping) socket.end();
    });
  });

  const stop = async (): Promise<void> => {
    stopping = true;
    for (const socket of open) if (!served.has(socket)) socket.destroy();
    const giveUp = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await gateway.close().finally(() => clearTimeout(giveUp));
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop().catch(() => process.exit(1)));
}
