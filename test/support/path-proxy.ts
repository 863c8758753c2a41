import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy as an operator would put before both: one origin, the path decides, and is forwarded unchanged. */
export class PathProxy {
  private readonly routes: { prefix: string; target: string }[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<PathProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new PathProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
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
    return proxy;
  }

  /** The first route whose prefix fits is taken. @param target an origin */
  route(prefix: string, target: string): void {
    this.routes.push({ prefix, target });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
