import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CLIENT_TIME_LIMITS, type ClientTimeLimits } from '../src/app.setup.js';
import { type RunningGateway, startGateway } from './support/gateway.js';

const QUICK: ClientTimeLimits = { request: 300, lookEvery: 50, silence: 75_000 };

describe('A client that does not finish', () => {
  let gateway: RunningGateway;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    const environment = {
      DINGTALK_CLIENT_ID: 'none',
      DINGTALK_CLIENT_SECRET: 'none',
      DINGTALK_CORP_ID: 'dingcorp1',
      NOCOBASE_URL: 'http://127.0.0.1:9',
      NOCOBASE_API_TOKEN: 'none',
      NOCOBASE_JWT_SECRET: 'a-secret-of-nocobase-for-this-test',
    };
    gateway = await startGateway(environment, { limits: QUICK });
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
  afterAll(async () => gateway?.close());

  /** Sends the beginning, then single bytes at intervals, until the server closes the connection. @returns the response */
  async function dribble(beginning: string): Promise<string> {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    await once(socket, 'connect');
    socket.write(beginning);
    const timer = setInterval(() => socket.write('a'), 20);
    await once(socket, 'close');
    clearInterval(timer);
    return answer;
  }

  const head = (path: string, length: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;

  // Without a limit, each of them would be held forever, and the test would time out.
  it.each([
    ['a body', head('/auth/dingtalk/dingtalk/in-app', 'Content-Length: 10000')],
    ['a chunked body', `${head('/auth/dingtalk/dingtalk/in-app', 'Transfer-Encoding: chunked')}ffff\r\n`],
    ['a body for the button "Test"', head('/auth/dingtalk/dingtalk/doctor', 'Content-Length: 10000')],
    ['a body for nothing that is there', head('/nowhere', 'Content-Length: 10000')],
    ['its headers', 'GET / HTTP/1.1\r\nX-Long: '],
  ])('is disconnected while sending %s', async (_what, beginning) => {
    const answer = await dribble(beginning);
    expect(answer).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
  });

  it("has at most 30 seconds with the gateway's defaults", () => {
    const { request, lookEvery } = CLIENT_TIME_LIMITS;
    expect(request).toBeGreaterThan(5000);
    expect(request + lookEvery).toBeLessThanOrEqual(30_000);
  });
});
