import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Test, type TestingModule } from '@nestjs/testing';
import { z } from 'zod';
import { eventually } from '../../test/support/eventually.js';
import { GatewayError } from '../core/errors/index.js';
import {
  type UpstreamCall,
  UpstreamHttpClient,
  UpstreamHttpError,
  UpstreamResponseError,
  UpstreamUnreachableError,
} from '../core/upstream/index.js';
import { UpstreamModule } from './upstream.module.js';

const GUARD = z.object({ id: z.number(), name: z.string().optional() });
const JSON_TYPE = { 'content-type': 'application/json' };
const MIB = 1024 * 1024;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Responds as the test says, and records the requests. */
class Upstream {
  readonly requests: {
    method: string;
    url: string;
    body: string;
    headers: NodeJS.Dict<string | string[]>;
    port: number;
  }[] = [];
  handle: Handler = (_, response) => response.writeHead(200, JSON_TYPE).end('{"id":1}');
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      const body = Buffer.concat(chunks).toString();
      this.requests.push({ method, url, body, headers, port: socket.remotePort ?? 0 });
      this.handle(request, response);
    });
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

describe('a call to an upstream', () => {
  let module: TestingModule;
  let client: UpstreamHttpClient;
  let upstream: Upstream;
  let elsewhere: Upstream;

  beforeAll(async () => {
    module = await Test.createTestingModule({ imports: [UpstreamModule] }).compile();
    client = module.get(UpstreamHttpClient);
  });
  afterAll(async () => module.close());
  beforeEach(async () => {
    [upstream, elsewhere] = await Promise.all([new Upstream().start(), new Upstream().start()]);
  });
  afterEach(async () => {
    await Promise.all([upstream.stop(), elsewhere.stop()]);
  });

  const call = (details: Partial<UpstreamCall<typeof GUARD>> = {}): UpstreamCall<typeof GUARD> => ({
    upstream: 'NocoBase',
    operation: 'users:list',
    method: 'GET',
    url: `${upstream.url}/api`,
    timeoutMs: 5000,
    guard: GUARD,
    ...details,
  });

  const answer =
    (status: number, headers: Record<string, string>, body: string | Buffer): Handler =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  async function failure(details: Partial<UpstreamCall<typeof GUARD>> = {}): Promise<GatewayError> {
    const outcome: unknown = await client.request(call(details)).then(
      (value) => ({ value }),
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(GatewayError);
    return outcome as GatewayError;
  }

  /** The common part of an UpstreamResponseError. */
  const RESPONSE_ERROR = { name: UpstreamResponseError.name, code: 'upstream_failed', status: 502 };

  it('sends the given request to the given address, and returns what the guard accepts', async () => {
    upstream.handle = answer(200, JSON_TYPE, '{"id":7,"name":"x","secret":"y"}');
    const given = call({
      method: 'POST',
      headers: { 'x-key': 'k' },
      body: { text: '中' },
      url: `${upstream.url}/api/a:b?q=%20`,
    });
    await expect(client.request(given)).resolves.toEqual({ id: 7, name: 'x' });
    expect(upstream.requests).toMatchObject([
      {
        method: 'POST',
        url: '/api/a:b?q=%20',
        body: '{"text":"中"}',
        headers: { 'x-key': 'k', accept: 'application/json' },
      },
    ]);
    expect(upstream.requests[0]?.headers['content-type']).toMatch(/^application\/json/);
  });

  it.each([301, 302, 303, 307, 308])(
    'follows no redirect (%i), neither elsewhere nor to another path',
    async (status) => {
      for (const location of [`${elsewhere.url}/stolen`, '/other', '//127.0.0.1:1/']) {
        upstream.handle = answer(status, { ...JSON_TYPE, location }, '{"id":1}');
        const error = await failure({ headers: { authorization: 'Bearer x' } });
        expect(error).toBeInstanceOf(UpstreamHttpError);
        expect(error).toMatchObject({ httpStatus: status, status: 502 });
      }
      expect(upstream.requests.map(({ url }) => url)).toEqual(['/api', '/api', '/api']);
      expect(elsewhere.requests).toEqual([]);
    },
  );

  it.each([
    ['text/html', '<html>you are banned</html>'],
    ['text/html', '{"id":1}'],
    ['text/plain', '{"id":1}'],
    ['application/jsonp', '{"id":1}'],
    ['application/json-seq', '{"id":1}'],
    ['', '{"id":1}'],
    ['application/json', '{"id":1'],
    ['application/json', ''],
    ['application/json', '<html></html>'],
    ['application/json', 'id=1'],
    ['application/json', '\ufeff\ufeff{"id":1}'],
    ['application/json', 'NaN'],
  ])('refuses a 200 of type %j with the body %j', async (type, body) => {
    upstream.handle = answer(200, type === '' ? {} : { 'content-type': type }, body);
    await expect(failure()).resolves.toMatchObject(RESPONSE_ERROR);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
    'application/json ;x',
  ])('accepts %j', async (type) => {
    upstream.handle = answer(200, { 'content-type': type }, '{"id":1}');
    await expect(client.request(call())).resolves.toEqual({ id: 1 });
  });

  it.each(['null', '[]', '{}', '{"id":"1"}', '{"data":{"id":1}}', '1', '"text"', 'true'])(
    'refuses JSON that does not match the guard: %s',
    async (body) => {
      upstream.handle = answer(200, JSON_TYPE, body);
      await expect(failure()).resolves.toMatchObject(RESPONSE_ERROR);
    },
  );

  it.each([400, 401, 403, 404, 429, 500, 503])(
    'reports HTTP %i with its JSON body, or without a body that is no JSON',
    async (status) => {
      upstream.handle = answer(status, JSON_TYPE, '{"code":"x"}');
      await expect(failure()).resolves.toMatchObject({
        httpStatus: status,
        body: { code: 'x' },
        code: 'upstream_failed',
      });
      upstream.handle = answer(status, { 'content-type': 'text/html' }, '<html>');
      const error = await failure();
      expect(error).toBeInstanceOf(UpstreamHttpError);
      expect(error).toMatchObject({ httpStatus: status, body: undefined });
    },
  );

  it('reads a body of up to 1 MiB and none beyond, with or without an announced length', async () => {
    const body = (size: number): string => `{"id":1,"pad":"${'x'.repeat(size - 17)}"}`;
    expect(body(MIB)).toHaveLength(MIB);
    upstream.handle = answer(200, JSON_TYPE, body(MIB));
    await expect(client.request(call())).resolves.toEqual({ id: 1 });

    upstream.handle = answer(200, JSON_TYPE, body(MIB + 1));
    await expect(failure()).resolves.toMatchObject(RESPONSE_ERROR);
    upstream.handle = (_, response) => {
      response.writeHead(200, JSON_TYPE).write(body(MIB));
      response.end(' ');
    };
    await expect(failure()).resolves.toMatchObject(RESPONSE_ERROR);
  });

  it('stops at a small response that decompresses to 100 MiB, without holding it in memory', async () => {
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('{"id":1,"pad":"'), Buffer.alloc(100 * MIB, 'x'), Buffer.from('"}')]),
    );
    expect(bomb.length).toBeLessThan(200 * 1024);
    upstream.handle = answer(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, bomb);
    const before = process.memoryUsage();
    let peak = 0;
    const watch = setInterval(() => {
      const { external, heapUsed } = process.memoryUsage();
      peak = Math.max(peak, external + heapUsed - before.external - before.heapUsed);
    }, 5);
    await expect(failure()).resolves.toMatchObject(RESPONSE_ERROR);
    clearInterval(watch);
    const { external, heapUsed } = process.memoryUsage();
    peak = Math.max(peak, external + heapUsed - before.external - before.heapUsed);
    expect(peak).toBeLessThan(50 * MIB);
  });

  it('reads an honest compressed response, and refuses a broken one', async () => {
    const packed = gzipSync('{"id":1}');
    upstream.handle = answer(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, packed);
    await expect(client.request(call())).resolves.toEqual({ id: 1 });
    upstream.handle = answer(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, 'no gzip at all');
    await expect(failure()).resolves.toMatchObject(RESPONSE_ERROR);
  });

  it('times out if the body only drips', async () => {
    upstream.handle = (_, response) => {
      response.writeHead(200, JSON_TYPE).write('{"id":1');
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    // The body would drip forever.
    const error = await failure({ timeoutMs: 300 });
    expect(error).toBeInstanceOf(UpstreamUnreachableError);
    expect(error).toMatchObject({ code: 'temporarily_unavailable', status: 504, timedOut: true, retryAfterSeconds: 5 });
  });

  it('times out if no response starts, and hangs up', async () => {
    let hungUp = false;
    upstream.handle = (request) => request.socket.on('close', () => (hungUp = true));
    await expect(failure({ timeoutMs: 200 })).resolves.toMatchObject({ status: 504, timedOut: true });
    await eventually(() => expect(hungUp).toBe(true));
  });

  it('times out if the headers only drip', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-a: b\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(failure({ url, timeoutMs: 300 })).resolves.toMatchObject({ status: 504, timedOut: true });
    server.close();
    await once(server, 'close');
  });

  it.each<[string, Handler]>([
    ['before a response', (request) => request.socket.resetAndDestroy()],
    ['instead of a response', (request) => request.socket.end()],
  ])('reports a connection that breaks %s', async (_when, handle) => {
    upstream.handle = handle;
    const error = await failure();
    expect(error).toBeInstanceOf(UpstreamUnreachableError);
    expect(error).toMatchObject({ code: 'temporarily_unavailable', status: 503, timedOut: false });
  });

  it.each([
    ['is reset', 'resetAndDestroy'],
    ['ends early', 'destroySoon'],
  ] as const)('refuses half a body if the connection %s', async (_what, end) => {
    upstream.handle = (request, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' }).write('{"id":1}');
      setTimeout(() => request.socket[end](), 50);
    };
    const error = await failure();
    expect(['temporarily_unavailable', 'upstream_failed']).toContain(error.code);
    expect(error.status).toBeGreaterThanOrEqual(502);
  });

  it('reports a refused connection, and a name that does not exist', async () => {
    const gone = await new Upstream().start();
    const { url } = gone;
    await gone.stop();
    for (const address of [url, 'http://nobody.invalid:1']) {
      const error = await failure({ url: address });
      expect(error).toBeInstanceOf(UpstreamUnreachableError);
      expect(error).toMatchObject({ status: 503, timedOut: false });
    }
  });

  it('does not let a response change an object’s prototype by the name of a key', async () => {
    upstream.handle = answer(
      200,
      JSON_TYPE,
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":1}',
    );
    const open = await client.request({ ...call(), guard: z.looseObject({ id: z.number() }) });
    expect(Object.getPrototypeOf(open)).toBe(Object.prototype);
    expect((open as { polluted?: unknown }).polluted).toBeUndefined();
    await expect(client.request(call())).resolves.toEqual({ id: 1 });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('uses no proxy from the environment', async () => {
    const names = [
      'HTTP_PROXY',
      'http_proxy',
      'HTTPS_PROXY',
      'https_proxy',
      'ALL_PROXY',
      'all_proxy',
      'NO_PROXY',
      'no_proxy',
    ];
    const before = names.map((name) => [name, process.env[name]] as const);
    try {
      for (const name of names) {
        if (name.toLowerCase() === 'no_proxy') delete process.env[name];
        else process.env[name] = elsewhere.url;
      }
      const { client: fresh, close } = await anotherClient();
      await expect(fresh.request(call())).resolves.toEqual({ id: 1 });
      await expect(client.request(call())).resolves.toEqual({ id: 1 });
      await close();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    expect(elsewhere.requests).toEqual([]);
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/api', '/api']);
  });

  it('reuses a connection, even after an error that was read to its end', async () => {
    await client.request(call());
    upstream.handle = answer(400, JSON_TYPE, '{"code":"x"}');
    await failure();
    upstream.handle = answer(200, JSON_TYPE, '{"id":1}');
    await client.request(call());
    expect(upstream.requests).toHaveLength(3);
    expect(new Set(upstream.requests.map(({ port }) => port)).size).toBe(1);
  });

  it('sends nothing a second time, whatever the result', async () => {
    for (const handle of [
      answer(503, JSON_TYPE, '{}'),
      answer(200, JSON_TYPE, '{'),
      ((request) => request.socket.destroy()) as Handler,
    ]) {
      upstream.requests.length = 0;
      upstream.handle = handle;
      await failure({ method: 'POST', body: { code: 'once' } });
      expect(upstream.requests).toHaveLength(1);
    }
  });

  describe('that failed reveals no secret', () => {
    const canaries = {
      headers: { authorization: 'Bearer CANARY-request-header' },
      method: 'POST',
      body: { clientSecret: 'CANARY-request-body', nested: { code: 'CANARY-nested' } },
    } as const;
    const spilled = (error: GatewayError): string[] => {
      const shown = [
        JSON.stringify(error),
        inspect(error, { depth: 20, showHidden: true }),
        String(error),
        error.stack ?? '',
        JSON.stringify(error.cause),
      ].join('\n');
      return [...new Set(shown.match(/CANARY-[a-z-]+/g))];
    };
    const cases: [string, Handler | undefined, number][] = [
      [
        'an HTTP error',
        answer(500, { ...JSON_TYPE, 'x-a': 'CANARY-answer-header' }, '{"message":"CANARY-answer-body"}'),
        5000,
      ],
      ['an HTML page', answer(200, { 'content-type': 'text/html' }, 'CANARY-answer-body'), 5000],
      ['a response that the guard refuses', answer(200, JSON_TYPE, '{"id":"CANARY-answer-body"}'), 5000],
      ['a broken connection', (request) => request.socket.destroy(), 5000],
      ['a timeout', () => undefined, 100],
    ];

    // The errors must not keep the whole call (`new UpstreamHttpError(call, …)`), only the two names of `FailedCall`:
    // its headers contain the API token, its body the client secret. Nor may they show the body of an HTTP error.
    for (const [what, handle, timeoutMs] of cases) {
      it(`after ${what}`, async () => {
        if (handle) upstream.handle = handle;
        const error = await failure({ ...canaries, url: `${upstream.url}/CANARY-path?token=CANARY-query`, timeoutMs });
        expect(spilled(error)).toEqual([]);
      });
    }

    it.each(cases)('in its message or its detail after %s', async (_what, handle, timeoutMs) => {
      if (handle) upstream.handle = handle;
      const error = await failure({ ...canaries, url: `${upstream.url}/CANARY-path?token=CANARY-query`, timeoutMs });
      expect(`${error.message} ${error.detail} ${error.stack}`).not.toContain('CANARY');
      expect(error.detail).toMatch(/^NocoBase users:list: /);
    });
  });
});

async function anotherClient(): Promise<{ client: UpstreamHttpClient; close: () => Promise<void> }> {
  const module = await Test.createTestingModule({ imports: [UpstreamModule] }).compile();
  return { client: module.get(UpstreamHttpClient), close: async () => module.close() };
}
