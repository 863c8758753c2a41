import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a proxy alters what passes through it. */
export interface Bend {
  /** Maps the path of each request to the one that is forwarded. */
  readonly path?: (path: string) => string;
  /** Added to the time in `Date`. */
  readonly clockMs?: number;
  /** The client's address in `X-Forwarded-For`. */
  readonly forwardedFor?: string;
}

/** A reverse proxy that is misconfigured, or in front of a machine whose clock is wrong. */
export class BentProxy {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async before(target: string, { path = (same) => same, clockMs = 0, forwardedFor }: Bend): Promise<BentProxy> {
    const server = createServer((request, response) => {
      const upstream = forward(
        target + path(request.url ?? '/'),
        {
          method: request.method,
          headers: { ...request.headers, ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }) },
        },
        (answer) => {
          const date = new Date(Date.now() + clockMs).toUTCString();
          response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
          answer.pipe(response);
        },
      );
      upstream.on('error', () => response.writeHead(502).end());
      request.pipe(upstream);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BentProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
