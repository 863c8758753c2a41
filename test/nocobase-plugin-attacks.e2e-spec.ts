import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ASSERTION_HEADER, type PluginSettings, pluginSettings } from '../src/core/plugin-protocol/index.js';
import { type AuthenticatorRow as Row, DingTalkForms, somebody } from './support/dingtalk-forms.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { PluginBrowser } from './support/plugin-browser.js';
import { rawRequest } from './support/raw-request.js';
import { StandInGateway } from './support/stand-in-gateway.js';

const SECRET = 'a-client-secret-that-nobody-may-see';
const MIB = 1024 * 1024;

describe('Attacks on the plugin in a real NocoBase', () => {
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let forms: DingTalkForms;
  let evil: StandInGateway;

  beforeAll(async () => {
    [nocobase, gateway, evil] = await Promise.all([
      launchWithPlugin(),
      StandInGateway.launch(),
      StandInGateway.launch(),
    ]);
    forms = new DingTalkForms(nocobase, gateway, { clientSecret: SECRET, autoSignUp: true });
  }, 120_000);

  afterAll(async () => {
    await nocobase?.stop();
    await Promise.all([gateway?.stop(), evil?.stop()]);
  });

  const complete = (changes?: object): object => forms.complete(changes);
  const create = async (options: object, row?: object): Promise<Row> => forms.create(options, row);

  async function toldTo(
    asking: StandInGateway,
    name: string,
  ): Promise<PluginSettings['authenticators'][number] | undefined> {
    const headers = { [ASSERTION_HEADER]: await asking.assertion({ aud: nocobase.url }) };
    const response = await fetch(`${nocobase.url}/api/dingtalk:settings`, { headers });
    const { data } = (await response.json()) as { data?: unknown };
    return pluginSettings.safeParse(data).data?.authenticators.find((one) => one.name === name);
  }

  describe('an administrator of collections who may write tables past all hooks', () => {
    beforeAll(async () =>
      mapTable('vault', 'dingtalk_secrets', [
        { name: 'authenticator_id', type: 'bigInt', primaryKey: true },
        { name: 'ciphertext', type: 'text' },
      ]),
    );

    it('cannot have the Client Secret of one authenticator sent to the gateway of another', async () => {
      const [mine, theirs] = [
        await create(complete({ gatewayUrl: evil.url })),
        await create(complete({ clientSecret: 'other' })),
      ];
      const { ciphertext } = await nocobase.call<{ ciphertext: string }>('GET', `vault:get?filterByTk=${theirs.id}`);
      expect(ciphertext).toEqual(expect.any(String));
      await nocobase.call('POST', `vault:update?filterByTk=${mine.id}`, { ciphertext });
      expect(await toldTo(evil, mine.name)).toMatchObject({ clientSecret: '' });
    });

    it("cannot have NocoBase's own Client Secret sent to a gateway", async () => {
      const { id, name } = await create(complete({ signInBy: 'nocobase' }));
      const { ciphertext } = await nocobase.call<{ ciphertext: string }>('GET', `vault:get?filterByTk=${id}`);
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, {
        id,
        enabled: true,
        options: complete({ clientSecret: '', signInBy: 'gateway', gatewayUrl: evil.url }),
      });
      await nocobase.call('POST', 'vault:create', { authenticator_id: id, ciphertext });
      expect(await toldTo(evil, name)).toMatchObject({ name, clientSecret: '' });
    });

    async function mapTable(name: string, tableName: string, fields: readonly object[]): Promise<void> {
      await nocobase.call('POST', 'collections:create', {
        name,
        tableName,
        autoGenId: false,
        createdAt: false,
        updatedAt: false,
        createdBy: false,
        updatedBy: false,
        sortable: false,
        fields,
      });
    }
  });

  it('an authenticator whose name does not fit an address is refused, so that it does not affect the others', async () => {
    const { name } = await create(complete());
    await expect(create(complete(), { name: 'Ding Talk/../x' })).rejects.toThrow(
      /Auth UID of a DingTalk authenticator/,
    );
    const { id } = await create(complete());
    await expect(
      nocobase.call('POST', `authenticators:update?filterByTk=${id}`, { id, enabled: true, name: '钉钉' }),
    ).rejects.toThrow(/Auth UID of a DingTalk authenticator/);
    expect(await toldTo(gateway, name)).toMatchObject({ name });
  });

  describe('a gateway whose answers do not end', () => {
    it('has no keys', async () => {
      const endless = await StandInGateway.launch();
      endless.keys = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(endless.signer.publicKeys()) + ' '.repeat(3 * MIB));
      };
      const { name } = await create(complete({ gatewayUrl: endless.url }));
      expect(await redeem(endless, name, {})).toMatchObject({ status: 503, code: 'temporarily_unavailable' });
      await endless.stop();
    });

    it('gives no report, and is not read for long', async () => {
      const endless = await StandInGateway.launch();
      let sent = 0;
      endless.answer = (_request, response) => pour(response, 64 * MIB, (bytes) => (sent = bytes));
      const { name } = await create(complete({ gatewayUrl: endless.url }));
      await expect(nocobase.call('POST', `dingtalk:examine?authenticator=${name}`, {})).rejects.toThrow(/HTTP 502/);
      expect(sent).toBeLessThan(16 * MIB);
      await endless.stop();
    });

    function pour(response: ServerResponse, most: number, told: (bytes: number) => void): void {
      let sent = 0;
      const more = (): void => {
        while (sent < most) {
          sent += MIB;
          told(sent);
          if (!response.write(' '.repeat(MIB))) return void response.once('drain', more);
        }
        response.end();
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      more();
    }
  });

  it('a ticket whose return path browsers read as another host is refused', async () => {
    const { name } = await create(complete());
    expect(await redeem(gateway, name, { returnPath: '/\t/evil.example.com' })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  describe('a neighbour under the same domain', () => {
    const startOf = async (name: string, headers: Record<string, string> = {}) =>
      fetch(`${nocobase.url}/api/dingtalk:start?authenticator=${name}`, { redirect: 'manual', headers });

    it('cannot replace the cookie that ties a sign-in to this browser with one of its own', async () => {
      const aud = 'https://app.example.com';
      const { name } = await create(complete({ nocobaseUrl: aud }));
      // Browsers use TLS for the saved address, whatever a proxy's headers on this request say.
      for (const headers of [{}, { 'x-forwarded-proto': 'http' }, { 'x-forwarded-proto': 'https' }] as const) {
        const started = await startOf(name, headers);
        const [cookie = ''] = started.headers.getSetCookie();
        // A cookie that browsers accept from this very host only, and for all of its paths.
        expect(cookie).toMatch(
          /^__Host-nb_dingtalk_[\w-]{43}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
        expect(cookie).not.toMatch(/domain=/i);
        const [pair = ''] = cookie.split(';');
        const challenge = new URL(started.headers.get('location')!).searchParams.get('challenge')!;
        const ticket = await gateway.ticket({ aud, authenticator: name, challenge, identity: somebody() });
        const browser = new PluginBrowser(`${nocobase.url}/api`);
        const tossed = { ...headers, cookie: pair.replace('__Host-', '') };
        expect(await browser.redeem(ticket, name, tossed)).toMatchObject({ status: 400, code: 'invalid_state' });
        const response = await browser.fetch('auth:signIn', {
          method: 'POST',
          headers: { ...headers, cookie: pair, 'x-authenticator': name, 'x-dingtalk-ticket': ticket },
        });
        expect(response.status).toBe(200);
        // Deleted afterwards, under both names.
        const gone = response.headers.getSetCookie().filter((line) => line.includes('nb_dingtalk_'));
        expect(gone.map((line) => line.split('=')[0] ?? '').toSorted()).toEqual([
          `__Host-nb_dingtalk_${challenge}`,
          `nb_dingtalk_${challenge}`,
        ]);
        expect(gone.every((line) => /=; Max-Age=0; /.test(line))).toBe(true);
      }
    });

    // For a browser the name of such a cookie begins with that byte, so the rules of `__Host-` do not protect it.
    it.each(['\u00a0', '\t', '\u00a0 ', 'x'])(
      'cannot pass off a cookie whose name begins with another byte (%j)',
      async (byte) => {
        const aud = 'https://app.example.com';
        const { name } = await create(complete({ nocobaseUrl: aud }));
        const started = await startOf(name);
        const [cookie = ''] = started.headers.getSetCookie();
        const [pair = ''] = cookie.split(';');
        const challenge = new URL(started.headers.get('location')!).searchParams.get('challenge')!;
        const signIn = async (cookies: string): Promise<number> => {
          const ticket = await gateway.ticket({ aud, authenticator: name, challenge, identity: somebody() });
          const headers = { cookie: cookies, 'x-authenticator': name, 'x-dingtalk-ticket': ticket };
          return (await rawRequest(`${nocobase.url}/api/auth:signIn`, { method: 'POST', headers })).status;
        };
        expect(await signIn(`theme=dark; ${byte}${pair}`)).toBe(400);
        expect(await signIn(`theme=dark;${byte}${pair}`)).toBe(400);
        expect(await signIn(`theme=dark; ${pair}`)).toBe(200);
      },
    );

    it('has no effect if NocoBase is at http: no header causes a cookie that browsers would drop', async () => {
      const { name } = await create(complete());
      const [cookie = ''] = (await startOf(name, { 'x-forwarded-proto': 'https' })).headers.getSetCookie();
      expect(cookie).toMatch(/^nb_dingtalk_[\w-]{43}=[^;]+; Max-Age=600; Path=\/api\/; HttpOnly; SameSite=Lax$/);
      expect(cookie).not.toMatch(/secure/i);
    });

    it('can make a browser send many cookies, of which an answer deletes a few at a time', async () => {
      const { name } = await create(complete());
      const many = Array.from({ length: 150 }, () => `nb_dingtalk_${randomBytes(32).toString('base64url')}=1.x`);
      const answered = await startOf(name, { cookie: many.join('; ') });
      expect(answered.status).toBe(302);
      expect(answered.headers.getSetCookie()).toHaveLength(11);
    });
  });

  async function redeem(issuer: StandInGateway, authenticator: string, claims: object) {
    const browser = new PluginBrowser(`${nocobase.url}/api`);
    const { challenge } = await browser.start({ authenticator });
    const ticket = await issuer.ticket({
      aud: nocobase.url,
      authenticator,
      challenge,
      identity: somebody(),
      ...claims,
    });
    return browser.redeem(ticket, authenticator);
  }
});
