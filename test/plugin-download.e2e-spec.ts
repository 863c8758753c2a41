import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../src/config/index.js';
import { eventually } from './support/eventually.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import { TestNocoBase } from './support/nocobase.js';
import { PLUGIN_PACKAGE } from './support/nocobase-plugin.js';

const PACKED = join(__dirname, '..', 'dist', 'plugin.tgz');

/** No calls are made: these addresses need not exist. */
const SETTINGS = {
  DINGTALK_CLIENT_ID: 'client-id',
  DINGTALK_CLIENT_SECRET: 'client-secret',
  NOCOBASE_URL: 'http://127.0.0.1:9',
  NOCOBASE_API_TOKEN: 'an.api.token',
  NOCOBASE_JWT_SECRET: 'a-jwt-secret-for-tests-and-not-a-real-one',
};
const DINGTALK = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile AliApp(DingTalk/7.6.0)';

describe('GET /plugin.tgz', () => {
  let gateway: RunningGateway;
  let bytes: Buffer;
  let sha256: string;

  beforeAll(() => {
    if (!existsSync(PACKED)) throw new Error('not built: run `npm run build` first');
    bytes = readFileSync(PACKED);
    sha256 = createHash('sha256').update(bytes).digest('hex');
  });

  afterEach(async () => gateway?.close());

  const start = async (environment: Record<string, string> = {}): Promise<void> => {
    gateway = await startGateway({ ...SETTINGS, ...environment });
  };
  const ask = async (init: RequestInit = {}): Promise<Response> => fetch(`${gateway.url}/plugin.tgz`, init);
  const page = async (headers: Record<string, string> = {}): Promise<string> =>
    (await fetch(`${gateway.url}/`, { headers })).text();

  it('sends the packed plugin, in one piece, as a file that no browser interprets as anything else', async () => {
    await start();
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/gzip',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="plugin-auth-dingtalk-${version()}.tgz"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
      etag: `"${sha256}"`,
      'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
    });
  });

  it('answers HEAD the same way, without the body', async () => {
    await start();
    const answer = await ask({ method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), answer.headers.get('etag')]).toEqual([
      200,
      String(bytes.length),
      `"${sha256}"`,
    ]);
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
  });

  it.each([
    ['its own', (tag: string) => tag, 304],
    ['its own, among others', (tag: string) => `"other", W/${tag}`, 304],
    ['any', () => '*', 304],
    ['another', () => '"0"', 200],
    ['a part of it', (tag: string) => tag.slice(0, -2), 200],
  ])('sends it again only if the client has a different one: %s', async (_which, known, status) => {
    await start();
    const answer = await ask({ headers: { 'if-none-match': known(`"${sha256}"`) } });
    expect([answer.status, answer.headers.get('etag')]).toEqual([status, `"${sha256}"`]);
    expect((await answer.arrayBuffer()).byteLength).toBe(status === 304 ? 0 : bytes.length);
  });

  it('is rate-limited like any other unauthenticated request', async () => {
    await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '2' });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(Number((await ask({ method: 'HEAD' })).headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is absent if the operator disables it, and nothing mentions it', async () => {
    await start({ PLUGIN_DOWNLOAD: 'false' });
    expect([(await ask()).status, (await ask({ method: 'HEAD' })).status]).toEqual([404, 404]);
    expect(await page()).not.toContain('plugin.tgz');
  });

  it('shows address, version and checksum on the front page, folded, with a warning', async () => {
    await start();
    const html = await page({ 'accept-language': 'en' });
    const [, notice = ''] = /<details>([\s\S]*)<\/details>/.exec(html) ?? [];
    expect(notice).toContain('only from a gateway that you run yourself');
    for (const said of [`${gateway.url}/plugin.tgz`, `<dd>${version()}</dd>`, `<dd>${sha256}</dd>`]) {
      expect(notice).toContain(said);
    }
    expect(await page({ 'accept-language': 'zh' })).toContain('请只从您自己运行的网关安装');
  });

  it('is not shown to people inside DingTalk', async () => {
    await start();
    expect(await page({ 'user-agent': DINGTALK })).not.toContain('plugin.tgz');
  });
});

describe("NocoBase's plugin manager", () => {
  let nocobase: TestNocoBase;
  let gateway: RunningGateway;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch({ ownProcess: true });
    gateway = await startGateway({ ...nocobase.environment, AUTHENTICATORS_SOURCE: 'nocobase' });
  }, 120_000);

  afterAll(async () => {
    await gateway?.close();
    await nocobase?.stop();
  });

  it("adds the plugin by URL, in the gateway's version, and it works", async () => {
    type Listed = { packageName: string; version: string; isCompatible: boolean };
    const added = async (): Promise<Listed | undefined> =>
      (await nocobase.call<Listed[]>('GET', 'pm:list')).find(({ packageName }) => packageName === PLUGIN_PACKAGE);
    expect(await added()).toBeUndefined();
    await nocobase.call('POST', 'pm:add', { compressedFileUrl: `${gateway.url}/plugin.tgz` });
    await eventually(async () => expect(await added()).toMatchObject({ version: version(), isCompatible: true }));
    await eventually(async () => {
      await nocobase.call('POST', `pm:enable?filterByTk=${encodeURIComponent(PLUGIN_PACKAGE)}&awaitResponse=true`);
      const types = await nocobase.call<{ name: string }[]>('GET', 'authenticators:listTypes');
      expect(types.map(({ name }) => name)).toContain('DingTalk');
    });
  }, 120_000);
});
