import { createServer, type IncomingMessage, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A reverse proxy as an operator would put before both: one origin; the path selects the target, and is forwarded unchanged. */
export class PathProxy {
  /** Incoming requests, as an access log would show them. */
  readonly requests: IncomingMessage[] = [];
  private readonly upgraded = new Set<Duplex>();
  private readonly routes: { prefix: string; target: string }[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** @param host a name of this machine's loopback address */
  static async start(host = '127.0.0.1'): Promise<PathProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new PathProxy(server, `http://${host}:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      proxy.requests.push(request);
      const route = proxy.routes.find(({ prefix }) => request.url?.startsWith(prefix));
      if (route === undefined) {
        response.writeHead(404).end();
        return;
      }
      const upstream = forward(
        route.target + request.url,
        { method: request.method, headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      upstream.on('error', () => response.destroy());
      request.pipe(upstream);
    });
    // NocoBase's clients learn of new plugins over a WebSocket.
    server.on('upgrade', (request, socket) => {
      proxy.requests.push(request);
      proxy.upgraded.add(socket);
      socket.on('error', () => undefined).on('close', () => proxy.upgraded.delete(socket));
      const route = proxy.routes.find(({ prefix }) => request.url?.startsWith(prefix));
      if (route === undefined) {
        socket.destroy();
        return;
      }
      const upstream = forward(route.target + request.url, { headers: request.headers });
      upstream.on('error', () => socket.destroy());
      upstream.on('response', () => socket.destroy());
      upstream.on('upgrade', (answer, other) => {
        const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('')}\r\n`);
        other.on('error', () => socket.destroy());
        other.on('close', () => socket.destroy());
        socket.on('close', () => other.destroy());
        socket.pipe(other).pipe(socket);
      });
      upstream.end();
    });
    return proxy;
  }

  /** The first route with a matching prefix is used. @param target an origin */
  route(prefix: string, target: string): void {
    this.routes.push({ prefix, target });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    for (const socket of this.upgraded) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
