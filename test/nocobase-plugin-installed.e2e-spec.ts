import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchPostgres } from '../real-nocobase/postgres.mjs';
import { type TicketClaims, WITHOUT_SECRETS } from '../src/core/plugin-protocol/index.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin, PLUGIN_PACKAGE } from './support/nocobase-plugin.js';
import { PluginBrowser, type Redeemed } from './support/plugin-browser.js';
import { describeWith } from './support/requirements.js';
import { StandInGateway } from './support/stand-in-gateway.js';

/** An administrator's first minutes: the authenticator is saved, and a person uses it. */
async function configure(nocobase: TestNocoBase, gateway: StandInGateway, app = 'main'): Promise<void> {
  await nocobase.call(
    'POST',
    'authenticators:updateOrCreate?filterKeys[]=name',
    {
      name: 'dingtalk',
      authType: 'DingTalk',
      enabled: true,
      options: {
        gatewayUrl: gateway.url,
        nocobaseUrl: nocobase.url,
        clientId: 'ding-client',
        clientSecret: 'a-client-secret',
        corpIds: ['ding-ours'],
        autoSignUp: true,
      },
    },
    { 'x-app': app },
  );
}

async function signIn(
  nocobase: TestNocoBase,
  gateway: StandInGateway,
  claims: Partial<TicketClaims> = {},
): Promise<Redeemed & { cookies: readonly string[]; cookiePath: string }> {
  const { app = 'main' } = claims;
  const browser = new PluginBrowser(`${nocobase.url}/api${app === 'main' ? '' : `/__app/${app}`}`);
  const { challenge } = await browser.start();
  const cookiePath = browser.pathOf(`nb_dingtalk_${challenge}`);
  const identity = {
    subject: `union-${randomBytes(8).toString('hex')}`,
    name: 'Somebody',
    phone: `+86138${String(randomInt(1e8)).padStart(8, '0')}`,
    organization: 'ding-ours',
    phonePermission: 'Contact.User.mobile',
    ...claims.identity,
  };
  const redeemed = await browser.redeem(await gateway.ticket({ aud: nocobase.url, challenge, ...claims, identity }));
  return { ...redeemed, cookies: browser.cookies, cookiePath };
}

describe('The plugin, uploaded by an administrator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nocobase-plugin-'));
  let gateway: StandInGateway;
  let nocobase: TestNocoBase;

  const launch = { publicPath: '/nb/', subApp: 'sales', env: { NB_DIR: folder } };

  beforeAll(async () => {
    gateway = await StandInGateway.launch();
    nocobase = await launchWithPlugin(launch);
    await configure(nocobase, gateway);
    await configure(nocobase, gateway, 'sales');
  }, 120_000);

  afterAll(async () => {
    await nocobase?.stop();
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is listed with its name, is compatible with this NocoBase, and adds a type of authenticator', async () => {
    const plugins = await nocobase.call<Record<string, unknown>[]>('GET', 'pm:list', undefined, {
      'x-locale': 'zh-CN',
    });
    expect(plugins.find(({ packageName }) => packageName === PLUGIN_PACKAGE)).toMatchObject({
      enabled: true,
      builtIn: false,
      isCompatible: true,
      displayName: '认证：钉钉',
    });
    const types = await nocobase.call<{ name: string }[]>('GET', 'authenticators:listTypes');
    expect(types.map(({ name }) => name)).toContain('DingTalk');
  });

  it('signs people in under a base path', async () => {
    const { status, token, cookiePath } = await signIn(nocobase, gateway);
    expect(status).toBe(200);
    expect(cookiePath).toBe('/nb/api/');
    await expect(nocobase.whoIs(token!, 'dingtalk')).resolves.toMatchObject({ nickname: 'Somebody' });
  });

  it('signs people in to a sub-app, and only to that', async () => {
    const { status, token, redirect, cookies, cookiePath } = await signIn(nocobase, gateway, { app: 'sales' });
    expect(status).toBe(200);
    expect(redirect).toBe('/apps/sales/admin/a?b=1');
    expect(cookiePath).toBe('/nb/api/__app/sales/');
    expect(cookies).toContain('nb_auth_token_sales');
    const headers = { authorization: `Bearer ${token!}`, 'x-authenticator': 'dingtalk', 'x-app': 'sales' };
    const checked = await fetch(`${nocobase.url}/api/auth:check`, { headers });
    expect(await checked.json()).toMatchObject({ data: { nickname: 'Somebody' } });
    expect(await signIn(nocobase, gateway, { app: 'sales', returnPath: '/v/admin/x' })).toMatchObject({
      redirect: '/v/apps/sales/admin/x',
    });
  });

  it('signs people in after a restart, and still has its secrets', async () => {
    await nocobase.stop();
    nocobase = await TestNocoBase.launch({ ...launch, port: Number(new URL(nocobase.url).port) });
    expect((await signIn(nocobase, gateway)).status).toBe(200);
    const headers = { 'x-gateway-assertion': await gateway.assertion({ aud: nocobase.url }) };
    const answer = await fetch(`${nocobase.url}/api/dingtalk:settings`, { headers });
    expect(await answer.json()).toMatchObject({ data: { authenticators: [{ clientSecret: 'a-client-secret' }] } });
    // As a readiness check asks.
    const again = { 'x-gateway-assertion': await gateway.assertion({ aud: nocobase.url }) };
    const open = await fetch(`${nocobase.url}/api/dingtalk:settings?${WITHOUT_SECRETS}`, { headers: again });
    expect(await open.json()).toMatchObject({
      data: { authenticators: [{ name: expect.any(String), clientSecret: '' }] },
    });
  }, 60_000);
});

describeWith('postgres', 'The plugin in two NocoBases on one PostgreSQL', () => {
  let gateway: StandInGateway;
  let stopPostgres: (() => Promise<void>) | undefined;
  const nodes: TestNocoBase[] = [];
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'nocobase-plugin-')));

  beforeAll(async () => {
    gateway = await StandInGateway.launch();
    const postgres = await launchPostgres();
    stopPostgres = async () => postgres.stop();
    const { host, port, user, database } = postgres;
    const options = { database: { dialect: 'postgres' as const, host, port, user, database } };
    nodes.push(await launchWithPlugin({ ...options, env: { NB_DIR: folders[0] } }));
    // Before the other starts: without Redis, NocoBase's nodes do not notify each other of an authenticator.
    await configure(nodes[0]!, gateway);
    // Each node has the plugin's files in its own folder; its record is in the database already.
    nodes.push(await launchWithPlugin({ ...options, env: { NB_DIR: folders[1] }, port: await freePort() }));
  }, 180_000);

  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await stopPostgres?.();
    await gateway?.stop();
    folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  });

  it('accepts a ticket at one of them, once', async () => {
    const browser = new PluginBrowser(`${nodes[0]!.url}/api`);
    const { challenge } = await browser.start();
    const cookie = browser.cookieHeader('nb_dingtalk_');
    const identity = {
      subject: 'union-cluster',
      name: 'Somebody',
      phone: '+8613800000001',
      organization: 'ding-ours',
      phonePermission: 'x',
    };
    const ticket = await gateway.ticket({ aud: nodes[0]!.url, challenge, identity });
    const all = await Promise.all(
      Array.from({ length: 10 }, async (_, index) =>
        new PluginBrowser(`${nodes[index % 2]!.url}/api`).redeem(ticket, 'dingtalk', { cookie }),
      ),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(all.filter(({ code }) => code === 'invalid_state')).toHaveLength(9);
  });

  it('creates one user for one person who signs in at both at the same time', async () => {
    const identity = {
      subject: 'union-both',
      name: 'Both',
      phone: '+8613800000002',
      organization: 'ding-ours',
      phonePermission: 'x',
    };
    const all = await Promise.all(
      Array.from({ length: 8 }, async (_, index) =>
        signIn(nodes[index % 2]!, gateway, { identity, aud: nodes[0]!.url }),
      ),
    );
    expect(new Set(all.map(({ status, user }) => `${status} ${String(user?.['id'])}`)).size).toBe(1);
    expect(await nodes[0]!.userByPhone('13800000002')).toHaveLength(1);
    expect(await nodes[0]!.bindingsOf('union-both')).toHaveLength(1);
  });

  it('lets nobody in at one by an authenticator that was disabled at the other, a moment later', async () => {
    const [here, there] = [nodes[0]!, nodes[1]!];
    const refusal = async (): Promise<unknown> =>
      (await new PluginBrowser(`${there.url}/api`).redeem('no.real.ticket')).code;
    expect(await refusal()).toBe('invalid_request');
    const [row] = await here.list('authenticators', { name: 'dingtalk' }, 'id');
    await here.call('POST', `authenticators:update?filterByTk=${String(row!['id'])}`, {
      id: row!['id'],
      enabled: false,
    });
    await eventually(async () => expect(await refusal()).toBe('not_found'));
  });
});
