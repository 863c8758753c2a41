import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { OlderMinor } from '../real-nocobase/launch.mjs';
import { ASSERTION_HEADER, type TicketIdentity } from '../src/core/plugin-protocol/index.js';
import { DingTalkForms, somebody } from './support/dingtalk-forms.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin, PLUGIN_PACKAGE } from './support/nocobase-plugin.js';
import { PluginBrowser } from './support/plugin-browser.js';
import { StandInGateway } from './support/stand-in-gateway.js';

const MINORS: readonly OlderMinor[] = ['2.1', '2.0'];
const REAL_NOCOBASE = join(__dirname, '../real-nocobase');
const OLDER = join(REAL_NOCOBASE, 'older');
const PASSWORD = 'Somebody-else-1';

/**
 * How the imitation must behave like its release: according to the vendor's tags v2.1.0 and v2.0.0, and checked by hand with the
 * contracts. These releases are not started here. 2.2 answers 200 to `auth:syncCookies`.
 */
const OTHERWISE = {
  '2.1': {
    answersWithPassword: false,
    remembersAuthenticator: true,
    bindingsCounted: 2,
    syncCookies: 404,
    appInPath: 200,
  },
  '2.0': {
    answersWithPassword: true,
    remembersAuthenticator: false,
    bindingsCounted: 1,
    syncCookies: 404,
    appInPath: 404,
  },
};

/** `real-nocobase/older/names.json` */
type Names = Readonly<Record<OlderMinor, Readonly<Record<string, readonly string[]>>>>;

describe.each(MINORS)('In a NocoBase that looks like %s, the plugin', (as) => {
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let authenticator: string;

  beforeAll(async () => {
    [nocobase, gateway] = await Promise.all([launchWithPlugin({ as, web: true }), StandInGateway.launch()]);
    const forms = new DingTalkForms(nocobase, gateway, { clientSecret: 'a-client-secret', autoSignUp: true });
    authenticator = (await forms.create(forms.complete())).name;
  }, 180_000);

  afterAll(async () => {
    await nocobase?.stop();
    await gateway?.stop();
  });

  const get = async (action: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${nocobase.api}/${action}`, { headers });

  async function signIn(identity: TicketIdentity) {
    const browser = new PluginBrowser(nocobase.api);
    const { challenge } = await browser.start({ authenticator });
    const redeemed = await browser.redeem(
      await gateway.ticket({ aud: nocobase.url, authenticator, challenge, identity }),
      authenticator,
    );
    return { ...redeemed, cookies: browser.cookies };
  }

  it('meets the differences between that version and the installed one', async () => {
    for (const someone of [somebody(), somebody()]) expect((await signIn(someone)).status).toBe(200);
    const api = { authorization: `Bearer ${nocobase.apiKey}` };
    const checked = (await (await get('auth:check', api)).json()) as { data: object };
    const [issued] = await nocobase.call<object[]>('GET', 'issuedTokens:list?pageSize=1');
    const page = await (await get('usersAuthenticators:list?pageSize=2', api)).json();
    expect({
      answersWithPassword: 'password' in checked.data,
      remembersAuthenticator: 'authenticator' in issued!,
      bindingsCounted: (page as { meta: { count: number } }).meta.count,
      syncCookies: (await get('auth:syncCookies', api)).status,
      appInPath: (await get('__app/main/auth:check', api)).status,
    }).toEqual(OTHERWISE[as]);
  });

  it('is compatible', async () => {
    expect(await nocobase.call('GET', 'app:getInfo')).toMatchObject({ version: `${as}.0` });
    const plugins = await nocobase.call<{ packageName: string }[]>('GET', 'pm:list');
    const ours = plugins.find(({ packageName }) => packageName === PLUGIN_PACKAGE);
    expect(ours).toMatchObject({ enabled: true, isCompatible: true });
  });

  it('signs in new and returning people', async () => {
    const someone = somebody();
    const first = await signIn(someone);
    expect(first).toMatchObject({ status: 200, redirect: '/admin/a?b=1', cookies: [] });
    expect(await signIn(someone)).toMatchObject({ status: 200, user: { id: first.user!['id'] } });
    await expect(nocobase.whoIs(first.token!, authenticator)).resolves.toMatchObject({ nickname: 'Somebody' });
  });

  it('links by phone number, and ends sessions that another person may have', async () => {
    const someone = somebody();
    const username = `older-${someone.subject}`;
    const values = { nickname: 'Older', username, password: PASSWORD, phone: someone.phone!.slice(3) };
    const id = await nocobase.addUser(values);
    const credentials = { account: username, password: PASSWORD };
    const other = await nocobase.call<{ token: string }>('POST', 'auth:signIn', credentials, { authorization: '' });
    await expect(nocobase.whoIs(other.token, 'basic')).resolves.toMatchObject({ id });

    const { status, token } = await signIn(someone);

    expect(status).toBe(200);
    await expect(nocobase.whoIs(token!, authenticator)).resolves.toMatchObject({ id });
    await expect(nocobase.whoIs(other.token, 'basic')).rejects.toThrow('HTTP 401');
  });

  it('sends its gateway the settings, and the facts that an administrator should know', async () => {
    const headers = { [ASSERTION_HEADER]: await gateway.assertion({ aud: nocobase.url }) };
    expect(await (await get('dingtalk:settings?facts=1&phones=1', headers)).json()).toMatchObject({
      data: {
        authenticators: [{ name: authenticator, clientSecret: 'a-client-secret' }],
        facts: { selfServiceFields: expect.arrayContaining(['phone']), sharesSecret: false },
      },
    });
  });
});

describe('The imitation of an older NocoBase', () => {
  const folder = mkdtempSync(join(tmpdir(), 'older-nocobase-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The names that should be hidden but are visible to this project's code (`here`), and to a plugin's (`there`). */
  function visibleNames(as: OlderMinor): { here: readonly string[]; there: readonly string[] } {
    const program = join(__dirname, 'support/visible-names.cjs');
    const ofPlugin = join(folder, 'storage/plugins/some-plugin/index.cjs');
    mkdirSync(dirname(ofPlugin), { recursive: true });
    cpSync(program, ofPlugin);
    const env = { PATH: process.env['PATH'], NODE_PATH: join(REAL_NOCOBASE, 'node_modules') };
    const options = { cwd: folder, env, encoding: 'utf8' } as const;
    const output = execFileSync(process.execPath, [program, OLDER, as, ofPlugin], options);
    return JSON.parse(output.trim().split('\n').at(-1)!) as ReturnType<typeof visibleNames>;
  }

  it.each(MINORS)('hides from plugins, and from nothing else, what %s does not have', (as) => {
    const names = JSON.parse(readFileSync(join(OLDER, 'names.json'), 'utf8')) as Names;
    const hidden = Object.entries(names[as]).flatMap(([id, list]) => list.map((name) => `${id}: ${name}`));
    expect(hidden).toContain('@nocobase/utils: getAuthCookieOptions');
    expect(visibleNames(as)).toEqual({ here: hidden, there: [] });
  });
});
