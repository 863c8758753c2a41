import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { z } from 'zod';
import { openApiText } from '../scripts/openapi/document.js';
import { enrich } from '../scripts/openapi/enrich.js';
import { ROUTES } from '../scripts/openapi/routes.js';
import { createGateway } from '../src/app.setup.js';
import { version } from '../src/config/index.js';
import { ERROR_STATUS } from '../src/core/errors/index.js';
import { examinationReport } from '../src/core/plugin-protocol/index.js';
import { PinoLoggerService } from '../src/logging/pino-logger.service.js';
import { readSettings } from '../src/settings.js';
import { freePort } from './support/free-port.js';
import { startGateway } from './support/gateway.js';

const ROOT = join(__dirname, '..');
const SETTINGS = {
  PUBLIC_URL: 'https://sso.example.com',
  AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
  DINGTALK_CLIENT_ID: 'client-id',
  DINGTALK_CLIENT_SECRET: 'client-secret',
  NOCOBASE_URL: 'http://127.0.0.1:1',
  NOCOBASE_API_TOKEN: 'api-token',
  NOCOBASE_JWT_SECRET: 'jwt-secret',
  METRICS_ENABLED: 'true',
  OPENAPI_ENABLED: 'true',
};

/** The part of OpenAPI 3.0.3 that the document uses, and nothing else (https://spec.openapis.org/oas/v3.0.3). */
const schema: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ $ref: z.string() }),
    z.strictObject({
      type: z.enum(['object', 'array', 'string', 'number', 'integer', 'boolean']),
      nullable: z.boolean().optional(),
      description: z.string().optional(),
      format: z.string().optional(),
      pattern: z.string().optional(),
      minLength: z.int().optional(),
      maxLength: z.int().optional(),
      enum: z.array(z.string()).nonempty().optional(),
      properties: z.record(z.string(), schema).optional(),
      additionalProperties: z.union([z.boolean(), schema]).optional(),
      required: z.array(z.string()).nonempty().optional(),
      items: schema.optional(),
      maxItems: z.int().optional(),
      example: z.unknown().optional(),
    }),
  ]),
);
const content = z.record(z.string().regex(/^\w+\/[\w.+-]+$/), z.strictObject({ schema }));
const answer = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string(), z.strictObject({ description: z.string(), schema })).optional(),
  content: content.optional(),
});
const parameter = z.strictObject({
  name: z.string(),
  in: z.enum(['query', 'path', 'header', 'cookie']),
  required: z.boolean().optional(),
  description: z.string(),
  schema,
});
const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()).nonempty(),
  summary: z.string(),
  description: z.string().optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ description: z.string(), required: z.boolean(), content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), answer),
});
const openApi = z.strictObject({
  openapi: z.literal('3.0.3'),
  info: z.strictObject({
    title: z.string(),
    description: z.string(),
    version: z.string().regex(/^\d+\.\d+\.\d+/),
    license: z.strictObject({ name: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.url(), description: z.string().optional() })).nonempty(),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({ get: operation.optional(), head: operation.optional(), post: operation.optional() }),
  ),
  components: z.strictObject({ schemas: z.record(z.string(), schema) }),
});

const shippedText = readFileSync(join(ROOT, 'docs', 'openapi.json'), 'utf8');
const shipped = openApi.parse(JSON.parse(shippedText));
const operations = Object.entries(shipped.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, described]) => ({
    path,
    key: `${method.toUpperCase()} ${path}`,
    operation: operation.parse(described),
  })),
);

/** `GET /auth/dingtalk/{authenticator}` and all other routes that are registered with Fastify. */
async function routesOf(environment: Record<string, string>): Promise<string[]> {
  const gateway = await createGateway(readSettings(environment), PinoLoggerService.atLevel('fatal'));
  const routes: string[] = [];
  gateway
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) routes.push(`${name} ${url.replace(/:(\w+)/g, '{$1}')}`);
    });
  await gateway.init();
  await gateway.close();
  return routes;
}

describe('The OpenAPI document', () => {
  it('is the output of `npm run openapi`', async () => {
    expect(await openApiText(version())).toBe(shippedText);
  });

  it('is the one that the build copies', () => {
    const built = join(ROOT, 'dist', 'openapi.json');
    if (!existsSync(built)) throw new Error('not built: run `npm run build` first');
    expect(readFileSync(built, 'utf8')).toBe(shippedText);
  });

  it('has every route of the gateway, and no other', async () => {
    const routes = await routesOf(SETTINGS);
    expect(routes.length).toBeGreaterThan(5);
    expect(operations.map(({ key }) => key).toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it('reports a row that is missing, is superfluous, or lacks a parameter', () => {
    const row = ROUTES['GET /health/live'];
    if (row === undefined) throw new Error('the table has no liveness');
    const scanned = (parameters: { name: string; in: string }[] = []) => ({
      paths: { '/new': { get: { parameters } } },
    });
    expect(() => enrich(scanned(), {}, '1.0.0')).toThrow("'GET /new' is not described: add a row");
    expect(() => enrich({ paths: {} }, { 'GET /new': row }, '1.0.0')).toThrow("'GET /new' does not exist: remove");
    expect(() => enrich(scanned([{ name: 'q', in: 'query' }]), { 'GET /new': row }, '1.0.0')).toThrow(
      "'GET /new' reads the query parameter 'q': describe it",
    );
  });

  it('names every error code, with its status, wherever it may occur', () => {
    const codes = Object.entries(ERROR_STATUS);
    const callback = operations.find(({ path }) => path.endsWith('/callback'))?.operation;
    for (const [code, status] of codes.filter(([name]) => name !== 'plugin_not_packed')) {
      expect(callback?.responses[String(status)]?.description).toContain(`\`${code}\`: `);
    }
    const ofThePackage = operations.filter(({ operation }) => JSON.stringify(operation).includes('plugin_not_packed'));
    expect(new Set(ofThePackage.map(({ path }) => path))).toEqual(new Set(['/plugin.tgz']));
    const error = z.object({ properties: z.object({ error: z.object({ enum: z.array(z.string()) }) }) });
    expect(error.parse(shipped.components.schemas['Error']).properties.error.enum).toEqual(codes.map(([code]) => code));
  });

  it('is consistent: references, path parameters, names, tags', () => {
    const references = [...shippedText.matchAll(/"\$ref": "([^"]+)"/g)].map(([, target]) => target);
    const targets = Object.keys(shipped.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(new Set(references)).toEqual(new Set(targets));
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    const tags = shipped.tags.map(({ name }) => name);
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path' && one.required);
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(tags).toEqual(expect.arrayContaining(operation.tags));
    }
  });
});

describe('A running gateway', () => {
  const start = async (environment: Record<string, string>, path = '') => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}${path}`;
    const { PUBLIC_URL: _, ...rest } = SETTINGS;
    return startGateway({ ...rest, ...environment }, { port, publicUrl });
  };
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, uri: /^https?:\/\// },
  });
  ajv.addSchema({ $id: 'document', components: shipped.components });

  const compile = (part: unknown) =>
    ajv.compile(JSON.parse(JSON.stringify(part).replaceAll('"#/', '"document#/')) as object);

  /** What the document finds wrong with a real answer. */
  function problems(key: string, status: number, headers: Headers, text: string): string[] {
    const described = operations.find((one) => one.key === key)?.operation.responses[String(status)];
    if (described === undefined) return [`${key} answers ${status}, which the document does not have`];
    const missing = Object.keys(described.headers ?? {}).filter((name) => !headers.has(name));
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    if (described.content === undefined) return [...missing, ...(text === '' ? [] : ['a body'])];
    const body = described.content[type];
    if (body === undefined) return [...missing, `the type '${type}'`];
    if (!/[/+]json$/.test(type)) return missing;
    const validate = compile(body.schema);
    return validate(JSON.parse(text)) ? missing : [...missing, ajv.errorsText(validate.errors)];
  }

  it.each([
    ['GET /', '/', 200, 'text/html'],
    ['GET /', '/?redirect=/admin/x', 200, 'text/html'],
    ['GET /auth/dingtalk', '/auth/dingtalk?redirect=/admin/x', 302, 'text/html'],
    ['GET /auth/dingtalk/{authenticator}', '/auth/dingtalk/dingtalk', 302, 'text/html'],
    ['GET /auth/dingtalk/{authenticator}', '/auth/dingtalk/unknown', 404, 'application/json'],
    ['GET /auth/dingtalk/{authenticator}', '/auth/dingtalk/unknown', 404, 'text/html'],
    ['GET /auth/dingtalk/{authenticator}/callback', '/auth/dingtalk/dingtalk/callback', 400, 'application/json'],
    ['GET /auth/dingtalk/{authenticator}/in-app', '/auth/dingtalk/dingtalk/in-app', 302, 'text/html'],
    ['GET /health/live', '/health/live', 200, 'application/json'],
    ['GET /health/ready', '/health/ready', 503, 'application/json'],
    ['GET /.well-known/jwks.json', '/.well-known/jwks.json', 200, 'application/json'],
    ['GET /metrics', '/metrics', 200, 'text/plain'],
    ['GET /openapi.json', '/openapi.json', 200, 'application/json'],
  ])('answers as the document says: %s: %s with %i as %s', async (key, path, status, accept) => {
    const gateway = await start({});
    try {
      const response = await fetch(gateway.url + path, { redirect: 'manual', headers: { accept } });
      expect(response.status).toBe(status);
      expect(problems(key, status, response.headers, await response.text())).toEqual([]);
    } finally {
      await gateway.close();
    }
  });

  it("agrees with the document on what DingTalk's client posts, and on what is refused", async () => {
    const key = 'POST /auth/dingtalk/{authenticator}/in-app';
    const gateway = await start({ DINGTALK_CORP_ID: 'dingcorp1' });
    const body = JSON.stringify({ code: 'a-code', state: 'x'.repeat(43) });
    const post = async (headers: Record<string, string>) =>
      fetch(`${gateway.url}/auth/dingtalk/dingtalk/in-app`, { method: 'POST', headers, body });
    try {
      const wanted = operations.find((one) => one.key === key)?.operation.requestBody?.content['application/json'];
      expect(compile(wanted?.schema)(JSON.parse(body))).toBe(true);
      const json = { accept: 'application/json', 'content-type': 'application/json' };
      const stranger = await post(json);
      expect(stranger.status).toBe(400);
      expect(problems(key, 400, stranger.headers, await stranger.text())).toEqual([]);
      const late = await post({ ...json, origin: gateway.url });
      const said = await late.text();
      expect(said).toContain('invalid_state');
      expect(problems(key, late.status, late.headers, said)).toEqual([]);
    } finally {
      await gateway.close();
    }
  });

  it("agrees on the doctor's report: the document's schema is generated from the plugin's", () => {
    const validate = compile({ $ref: '#/components/schemas/ExaminationReport' });
    const finding = { authenticator: null, id: 'redis', status: 'ok', title: 'Redis', detail: 'answers', fix: null };
    expect(validate(examinationReport.parse({ ok: true, findings: [finding] }))).toBe(true);
    expect(validate({ ok: true, findings: [{ ...finding, fix: undefined }] })).toBe(false);
    expect(validate({ ok: true, findings: [{ ...finding, authenticator: 1 }] })).toBe(false);
  });

  it('agrees on a prefetch and on too many requests', async () => {
    const gateway = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '1' });
    const ask = async (headers: Record<string, string>) => {
      const accept = 'application/json';
      return fetch(`${gateway.url}/auth/dingtalk`, { redirect: 'manual', headers: { accept, ...headers } });
    };
    try {
      const prefetch = await ask({ 'sec-purpose': 'prefetch' });
      expect(prefetch.status).toBe(400);
      expect(problems('GET /auth/dingtalk', 400, prefetch.headers, await prefetch.text())).toEqual([]);
      expect((await ask({})).status).toBe(302);
      const tooMany = await ask({});
      expect(tooMany.status).toBe(429);
      expect(problems('GET /auth/dingtalk', 429, tooMany.headers, await tooMany.text())).toEqual([]);
    } finally {
      await gateway.close();
    }
  });

  it('serves the document at the public address, with that address as the server, and otherwise unchanged', async () => {
    const gateway = await start({}, '/sso');
    try {
      const response = await fetch(`${gateway.url}/openapi.json`);
      expect(await response.json()).toEqual({ ...shipped, servers: [{ url: gateway.url }] });
      expect(response.headers.get('cache-control')).toBe('no-store');
    } finally {
      await gateway.close();
    }
  });

  it.each([[{ OPENAPI_ENABLED: 'false' }], [{ OPENAPI_ENABLED: '' }]])(
    'does not serve the document with %j',
    async (environment) => {
      const gateway = await start(environment);
      try {
        const response = await fetch(`${gateway.url}/openapi.json`, { headers: { accept: 'application/json' } });
        expect([response.status, await response.json()]).toEqual([
          404,
          expect.objectContaining({ error: 'not_found' }),
        ]);
      } finally {
        await gateway.close();
      }
    },
  );

  it('refuses a value that is neither true nor false', () => {
    expect(() => readSettings({ ...SETTINGS, OPENAPI_ENABLED: 'yes' })).toThrow(
      'OPENAPI_ENABLED must be true or false',
    );
  });
});
