import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { request } from 'node:https';
import { agents, limitConnecting } from './agents.js';

describe('a connection to an upstream', () => {
  it('is given up when it does not come about in time', async () => {
    const socket = limitConnecting(new Socket(), 'connect', 20);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ETIMEDOUT');
    expect(socket.destroyed).toBe(true);
  });

  it('is left alone once it is there', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = limitConnecting(new Socket(), 'connect', 50);
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    server.close();
  });

  it('is made under that limit by the agents: who accepts and says nothing is left after three seconds', async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { httpsAgent } = agents();
    const started = performance.now();

    const [error] = (await once(request({ port, host: '127.0.0.1', agent: httpsAgent }).end(), 'error')) as [
      NodeJS.ErrnoException,
    ];

    expect(error.code).toBe('ETIMEDOUT');
    expect(performance.now() - started).toBeLessThan(4500);
    httpsAgent.destroy();
    silent.close();
  });
});
