import { randomBytes, randomInt } from 'node:crypto';
import { callbackUrl } from '../src/core/plugin-protocol/index.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { PluginBrowser } from './support/plugin-browser.js';
import { StandInGateway } from './support/stand-in-gateway.js';

/** NocoBase distinguishes applications by host, too (`cname`): here `localhost` is the sub-app, and 127.0.0.1 is not. */
describe('The plugin in a sub-app with a domain of its own', () => {
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let atItsDomain: string;

  beforeAll(async () => {
    gateway = await StandInGateway.launch();
    nocobase = await launchWithPlugin({
      publicPath: '/nb/',
      subApp: 'sales',
      subAppHost: 'localhost',
      env: { API_BASE_PATH: '/rest/', API_CLIENT_STORAGE_PREFIX: 'erp_' },
    });
    atItsDomain = nocobase.url.replace('127.0.0.1', 'localhost');
    for (const [name, nocobaseUrl] of [
      ['dingtalk', atItsDomain],
      ['elsewhere', nocobase.url],
    ]) {
      const options = {
        gatewayUrl: gateway.url,
        nocobaseUrl,
        clientId: 'ding-client',
        clientSecret: 'a-client-secret',
        corpIds: ['ding-ours'],
        autoSignUp: true,
      };
      const values = { name, authType: 'DingTalk', enabled: true, options };
      await nocobase.call('POST', 'authenticators:updateOrCreate?filterKeys[]=name', values, { 'x-app': 'sales' });
    }
  }, 120_000);

  afterAll(async () => {
    await nocobase?.stop();
    await gateway?.stop();
  });

  /** NocoBase's answer at the end of a sign-in that started at `api`. */
  async function redirectOf(origin: string, api: string, authenticator: string, returnPath: string): Promise<unknown> {
    const browser = new PluginBrowser(`${origin}/rest`);
    const started = await browser.fetch(`${api}dingtalk:start?authenticator=${authenticator}`);
    const challenge = new URL(started.headers.get('location') ?? '').searchParams.get('challenge') ?? '';
    const identity = {
      subject: `union-${authenticator}-${randomBytes(8).toString('hex')}`,
      name: '张三',
      phone: `+86138${String(randomInt(1e8)).padStart(8, '0')}`,
      organization: 'ding-ours',
      phonePermission: 'Contact.User.mobile',
    };
    const ticket = await gateway.ticket({ aud: origin, app: 'sales', authenticator, challenge, identity, returnPath });
    // The gateway redirects to the address that names the application, whatever the host.
    const answer = await browser.fetch('__app/sales/auth:signIn', {
      method: 'POST',
      headers: { 'x-authenticator': authenticator, 'x-dingtalk-ticket': ticket, 'x-app': 'sales' },
    });
    const { data, errors } = (await answer.json()) as { data?: { redirect: string }; errors?: unknown };
    return data?.redirect ?? errors;
  }

  /** The options of the page that redeems a ticket. */
  async function told(origin: string): Promise<Record<string, string>> {
    const answer = await fetch(`${origin}/rest/__app/sales/dingtalk:redeem?authenticator=dingtalk`);
    const [, data = ''] = /data-options="([^"]*)"/.exec(await answer.text()) ?? [];
    const text = data.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
    return JSON.parse(text) as Record<string, string>;
  }

  it('leads to pages without its name on that domain, and with it elsewhere', async () => {
    expect(await redirectOf(atItsDomain, '', 'dingtalk', '/admin/x')).toBe('/admin/x');
    expect(await redirectOf(atItsDomain, '', 'dingtalk', '/v/admin/x')).toBe('/v/admin/x');
    // On that page, its clients would use a different storage for the session.
    expect(await redirectOf(atItsDomain, '', 'dingtalk', '/apps/sales/admin')).toBe('/admin');
    expect(await redirectOf(nocobase.url, '__app/sales/', 'elsewhere', '/admin/x')).toBe('/apps/sales/admin/x');
    expect(await redirectOf(nocobase.url, '__app/sales/', 'elsewhere', '/v/admin/x')).toBe('/v/apps/sales/admin/x');
  });

  it('tells its page where the clients of that host store a session', async () => {
    const [there, elsewhere] = [await told(atItsDomain), await told(nocobase.url)];
    expect(there).toMatchObject({ app: 'sales', appInPath: 'main', tokenKey: 'ERP_TOKEN', roleKey: 'ERP_ROLE' });
    expect(elsewhere).toMatchObject({ app: 'sales', appInPath: 'sales', tokenKey: 'ERP_SALES_TOKEN' });
    expect(there['api']).toBe('/nb/rest/__app/sales/');
    expect(new RegExp(there['pages']!).test('/apps/sales/admin')).toBe(false);
    expect(new RegExp(elsewhere['pages']!).test('/apps/sales/admin')).toBe(true);
  });

  it('can be reached at both by a path that names it, as its redirect URL does', async () => {
    for (const origin of [atItsDomain, nocobase.url]) {
      const callback = callbackUrl(origin, { app: 'sales', apiBasePath: '/rest/' }, 'dingtalk');
      const answer = await fetch(callback.replace('dingtalk/callback/dingtalk', 'authenticators:publicList'));
      const { data } = (await answer.json()) as { data: readonly { name: string }[] };
      expect(data.map(({ name }) => name)).toEqual(expect.arrayContaining(['dingtalk', 'elsewhere']));
    }
  });

  it("leads to the host's own sign-in page if a sign-in cannot start", async () => {
    const page = async (origin: string, api: string): Promise<string> => {
      const query = new URLSearchParams({ authenticator: 'nobody', redirect: '/v/admin' }).toString();
      const answer = await fetch(`${origin}/rest/${api}dingtalk:start?${query}`, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '', origin).pathname;
    };
    expect(await page(atItsDomain, '')).toBe('/nb/v/signin');
    expect(await page(nocobase.url, '__app/sales/')).toBe('/nb/v/apps/sales/signin');
  });
});
