import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A company's outbound proxy: CONNECT only, with a user and a password if they are given. */
export class ConnectProxy {
  /** Requested hosts and ports. */
  readonly targets: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  /** @param routes where a tunnel actually leads, by the requested host and port */
  static async start(routes: ReadonlyMap<string, string>, login?: string): Promise<ConnectProxy> {
    const server = createServer((_request, response) => response.writeHead(405).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new ConnectProxy(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
    server.on('connect', ({ url: target = '', headers }, client: Socket) => {
      proxy.targets.push(target);
      proxy.sockets.add(client);
      client.on('error', () => undefined);
      const refuse = (status: string): void => void client.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`);
      if (headers['proxy-authorization'] !== wanted) return refuse('407 Proxy Authentication Required');
      const [host, port] = (routes.get(target) ?? '').split(':');
      if (!host) return refuse('403 Forbidden');
      const upstream = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      proxy.sockets.add(upstream);
      upstream.on('error', () => client.destroy());
    });
    return proxy;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
