import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Visit {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where NocoBase's plugin sends people and asks for examinations; notes who came, and answers what it was told to. */
export class GatewayStandIn {
  readonly visits: Visit[] = [];
  /** What an examination finds; `undefined`: the gateway does not know of any. */
  report: object | undefined;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<GatewayStandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const gateway = new GatewayStandIn(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/sso`);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', gateway.url);
        if (!url.pathname.startsWith('/sso/auth/')) return void response.writeHead(404).end();
        const query = Object.fromEntries(url.searchParams);
        const body = Buffer.concat(parts).toString();
        gateway.visits.push({ method: request.method ?? '', path: url.pathname, query, body });
        if (request.method !== 'POST') {
          return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>The gateway</h1>');
        }
        const status = gateway.report === undefined ? 404 : 200;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(gateway.report ?? {}));
      });
    });
    return gateway;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
