import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import net, { type AddressInfo, createServer, type Server as TcpServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type AxiosInstance, create } from 'axios';
import { ConnectProxy } from '../../test/support/connect-proxy.js';
import { axiosOptions } from './axios-options.js';
import { ADDRESS_ATTEMPT_MS } from '../core/upstream/index.js';
import { TimeUpError } from '../core/upstream/index.js';

const http = (): AxiosInstance => create(axiosOptions());

async function portOf(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a connection to an upstream', () => {
  it('is given up after three seconds if the server accepts it but sends nothing', async () => {
    const silent = createServer(() => undefined);
    const origin = `https://127.0.0.1:${await portOf(silent)}`;
    await expect(http().get(origin, { timeout: 10_000 })).rejects.toMatchObject({
      code: 'UND_ERR_CONNECT_TIMEOUT',
    });
    silent.close();
  });

  it('allows each of several addresses the time of an intercontinental handshake', async () => {
    const server = createHttpServer((_request, response) => void response.end('here'));
    const origin = `http://127.0.0.1:${await portOf(server)}`;
    const connect = jest.spyOn(net, 'connect');
    await http().get(origin, { timeout: 10_000 });
    expect(connect.mock.lastCall?.[0]).toMatchObject({
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    });
    expect(ADDRESS_ATTEMPT_MS).toBeGreaterThanOrEqual(1000);
    connect.mockRestore();
    server.closeAllConnections();
    server.close();
  });

  it('is not limited once it is open, however long the response takes', async () => {
    const slow = createHttpServer((_request, response) => void setTimeout(() => response.end('late'), 4500));
    const origin = `http://127.0.0.1:${await portOf(slow)}`;
    await expect(http().get(origin, { timeout: 10_000 })).resolves.toMatchObject({ data: 'late' });
    slow.closeAllConnections();
    slow.close();
  });

  it('that opens too late is not used: nothing is sent', async () => {
    let received = '';
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => (received += data.toString('utf8')));
    });
    const port = await portOf(server);
    const late = http().get(`http://127.0.0.1:${port}`, { timeout: 10 });
    // Node runs timers before it polls sockets.
    for (const until = performance.now() + 30; performance.now() < until;);
    await expect(late).rejects.toThrow(TimeUpError);
    await delay(200);
    expect(received).toBe('');
    server.close();
  });

  it('serves one exchange at a time, and the next one right after', async () => {
    const ports: (number | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      ports.push(request.socket.remotePort);
      setTimeout(() => response.end('{}'), 20);
    });
    const origin = `http://127.0.0.1:${await portOf(server)}`;
    const connections = http();
    await Promise.all([1, 2, 3].map(async () => connections.get(origin, { timeout: 5000 })));
    expect(new Set(ports).size).toBe(3);
    for (let call = 0; call < 5; call += 1) await connections.get(origin, { timeout: 5000 });
    expect(new Set(ports).size).toBe(3);
    server.closeAllConnections();
    server.close();
  });

  it('is not used again after an exchange that failed', async () => {
    const ports: (number | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      ports.push(request.socket.remotePort);
      if (ports.length > 1) response.end('second');
    });
    const origin = `http://127.0.0.1:${await portOf(server)}`;
    const connections = http();
    await expect(connections.get(origin, { timeout: 100 })).rejects.toThrow(TimeUpError);
    await expect(connections.get(origin, { timeout: 5000 })).resolves.toMatchObject({ data: 'second' });
    expect(new Set(ports).size).toBe(2);
    server.closeAllConnections();
    server.close();
  });
});

describe('a tunnel through a proxy', () => {
  let target: Server;
  let proxy: TcpServer | undefined;

  afterEach(() => {
    target?.closeAllConnections();
    target?.close();
    proxy?.close();
  });

  it('is opened again once the other end has closed it', async () => {
    target = createHttpServer((_request, response) => response.writeHead(200, { connection: 'close' }).end('here'));
    const tunnels = await ConnectProxy.start(new Map([['dingtalk.example:80', `127.0.0.1:${await portOf(target)}`]]));
    const client = http();
    for (let call = 0; call < 3; call += 1) {
      const proxyUrl = `http://${tunnels.address}`;
      const answer = client.get('http://dingtalk.example', { timeout: 5000, proxyUrl });
      await expect(answer).resolves.toMatchObject({ data: 'here' });
      await delay(50);
    }
    expect(tunnels.targets).toHaveLength(3);
    await tunnels.close();
  });

  it('is requested once if the proxy hangs up at once', async () => {
    let asked = 0;
    proxy = createServer((socket) => {
      asked += 1;
      socket.on('error', () => undefined).end();
    });
    const proxyUrl = `http://127.0.0.1:${await portOf(proxy)}`;
    await expect(http().get('http://dingtalk.example', { timeout: 5000, proxyUrl })).rejects.toMatchObject({
      code: 'UND_ERR_SOCKET',
    });
    expect(asked).toBe(1);
  });

  it('is given up after three seconds if the proxy sends nothing', async () => {
    proxy = createServer(() => undefined);
    const proxyUrl = `http://127.0.0.1:${await portOf(proxy)}`;
    await expect(http().get('http://dingtalk.example', { timeout: 10_000, proxyUrl })).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
  });
});

/**
 * A one-time code is sent by such a call. Each server answers once, so that the call uses a connection that was used
 * before.
 */
describe('a call on a connection that stayed open', () => {
  const code = JSON.stringify({ code: 'once' });
  let received: string[];
  let server: TcpServer;
  let tunnels: ConnectProxy;

  afterEach(async () => {
    await tunnels.close();
    server.close();
  });

  /** @param meet handles the second request */
  async function serverThat(meet: (socket: Socket) => void): Promise<TcpServer> {
    received = [];
    const made = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received.push(data.toString('utf8'));
        if (received.length === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
        else meet(socket);
      });
    });
    await portOf(made);
    return made;
  }

  it.each<[string, (socket: Socket) => void]>([
    ['hangs up', (socket) => void socket.end()],
    ['resets it', (socket) => void socket.resetAndDestroy()],
    ['breaks off within its response', (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
    ['sends something that is not HTTP', (socket) => void socket.end('who?')],
    ['sends nothing', () => undefined],
  ])('is sent once if the other end %s', async (_what, meet) => {
    server = await serverThat(meet);
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    tunnels = await ConnectProxy.start(new Map([['dingtalk.example:80', address]]));
    for (const way of [
      { url: `http://${address}` },
      { url: 'http://dingtalk.example', proxyUrl: `http://${tunnels.address}` },
    ]) {
      received = [];
      const client = http();
      await client.request({ ...way, timeout: 5000 });
      await expect(client.request({ ...way, method: 'POST', data: code, timeout: 300 })).rejects.toHaveProperty(
        'message',
      );
      await delay(200);
      expect(received.filter((request) => request.includes(code))).toHaveLength(1);
    }
    expect(tunnels.targets.length).toBeGreaterThan(0);
  });
});
