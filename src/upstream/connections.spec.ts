import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import net, { type AddressInfo, createServer, type Server as TcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ADDRESS_ATTEMPT_MS, Connections } from './connections.js';
import { exchange, TimeUpError } from './http-exchange.js';

const get = { method: 'GET', path: '/', headers: {}, body: null } as const;

async function portOf(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a connection to an upstream', () => {
  it('is given up after three seconds where who accepts says nothing', async () => {
    const silent = createServer(() => undefined);
    const origin = `https://127.0.0.1:${await portOf(silent)}`;
    await expect(exchange(new Connections(), { ...get, origin }, 10_000)).rejects.toMatchObject({
      code: 'UND_ERR_CONNECT_TIMEOUT',
    });
    silent.close();
  });

  it('gives each of several addresses the time that a handshake from another continent takes', async () => {
    const server = createHttpServer((_request, response) => void response.end('here'));
    const origin = `http://127.0.0.1:${await portOf(server)}`;
    const connect = jest.spyOn(net, 'connect');
    await exchange(new Connections(), { ...get, origin }, 10_000);
    expect(connect.mock.lastCall?.[0]).toMatchObject({
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    });
    expect(ADDRESS_ATTEMPT_MS).toBeGreaterThanOrEqual(1000);
    connect.mockRestore();
    server.closeAllConnections();
    server.close();
  });

  it('is left alone once it is there, however long the answer takes', async () => {
    const slow = createHttpServer((_request, response) => void setTimeout(() => response.end('late'), 4500));
    const origin = `http://127.0.0.1:${await portOf(slow)}`;
    await expect(exchange(new Connections(), { ...get, origin }, 10_000)).resolves.toMatchObject({ text: 'late' });
    slow.closeAllConnections();
    slow.close();
  });

  it('that comes too late is not used: nothing is sent any more', async () => {
    let received = '';
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => (received += data.toString('utf8')));
    });
    const port = await portOf(server);
    const late = exchange(new Connections(), { ...get, origin: `http://127.0.0.1:${port}` }, 10);
    // Node looks at clocks before it looks at sockets.
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
    const connections = new Connections();
    await Promise.all([1, 2, 3].map(async () => exchange(connections, { ...get, origin }, 5000)));
    expect(new Set(ports).size).toBe(3);
    for (let call = 0; call < 5; call += 1) await exchange(connections, { ...get, origin }, 5000);
    expect(new Set(ports).size).toBe(3);
    server.closeAllConnections();
    server.close();
  });

  it('is not used again after an exchange that did not end well', async () => {
    const ports: (number | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      ports.push(request.socket.remotePort);
      if (ports.length > 1) response.end('second');
    });
    const origin = `http://127.0.0.1:${await portOf(server)}`;
    const connections = new Connections();
    await expect(exchange(connections, { ...get, origin }, 100)).rejects.toThrow(TimeUpError);
    await expect(exchange(connections, { ...get, origin }, 5000)).resolves.toMatchObject({ text: 'second' });
    expect(new Set(ports).size).toBe(2);
    server.closeAllConnections();
    server.close();
  });
});
