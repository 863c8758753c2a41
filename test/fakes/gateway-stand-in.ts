import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Visit {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The gateway to which NocoBase's plugin redirects people, and which it asks for checks; records requests, and answers as it is
 * told to.
 */
export class GatewayStandIn {
  readonly visits: Visit[] = [];
  /** The report of a check, immediate or after completion; `undefined`: the gateway does not know any. */
  report: object | Promise<object> | undefined;
  /** Its JWK Set; `undefined`: there is none. */
  keys: readonly object[] | undefined;

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
      request.on('end', () => void gateway.answer(request, Buffer.concat(parts).toString(), response));
    });
    return gateway;
  }

  private async answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    // A browser also requests its icon.
    const isOurs = pathname.startsWith('/sso/auth/');
    const { method = '' } = request;
    const query = Object.fromEntries(searchParams);
    if (isOurs) this.visits.push({ method, path: pathname, query, body });
    if (pathname === '/sso/.well-known/jwks.json' && this.keys !== undefined) {
      response.writeHead(200, { 'content-type': 'application/jwk-set+json' });
      response.end(JSON.stringify({ keys: this.keys }));
      return;
    }
    const report = await this.report;
    const isPage = isOurs && method === 'GET';
    response.writeHead(isPage || (isOurs && report !== undefined) ? 200 : 404, {
      'content-type': isPage ? 'text/html' : 'application/json',
    });
    response.end(isPage ? '<h1>The gateway</h1>' : JSON.stringify(report ?? {}));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
