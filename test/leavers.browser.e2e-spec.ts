import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { DEMO_CORP_ID } from '../sandbox/index.js';
import { ERROR_TEXTS } from '../src/core/errors/index.js';
import { AloneCase } from './support/alone-case.js';
import { launchChromium, PATIENCE } from './support/chromium.js';
import { eventually } from './support/eventually.js';
import { describeWith } from './support/requirements.js';

const chinese = JSON.parse(readFileSync(join(__dirname, '../nocobase-plugin/src/locale/zh-CN.json'), 'utf8')) as Record<
  string,
  string
>;

/** Each client has its own people. */
const CLIENTS = [
  { client: 'classic', root: '', formItem: '.ant-formily-item', leaver: 'anna', locked: 'ben' },
  { client: 'new', root: '/v', formItem: '.ant-form-item', leaver: 'carla', locked: 'dora' },
] as const;

describeWith('chromium', "People who left, in NocoBase's web clients", (executablePath) => {
  let browser: Browser;
  let alone: AloneCase;
  let context: BrowserContext;
  let page: Page;
  const userIds = new Map<string, number>();

  beforeAll(async () => {
    [browser, alone] = await Promise.all([
      launchChromium(executablePath),
      AloneCase.start({ web: true, publicPath: '/nb/', settings: { leavers: 'lock', events: 'off' } }),
    ]);
    await alone.nocobase.call('POST', 'systemSettings:update?filterByTk=1', { enabledLanguages: ['en-US', 'zh-CN'] });
    const numbers = new Map(CLIENTS.flatMap(({ leaver, locked }) => [leaver, locked]).map((id, index) => [id, index]));
    for (const [id, number] of numbers) {
      alone.addPerson({
        id,
        name: id,
        mobile: `1390000000${number}`,
        stateCode: '86',
        memberships: [{ corpId: DEMO_CORP_ID }],
      });
    }
    // One who stays: an absence is evidence only beside a colleague who is present.
    for (const id of ['li-lei', ...numbers.keys()]) {
      const { user } = await alone.signIn(id);
      userIds.set(id, Number(user?.['id']));
    }
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE / 2);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await alone?.close();
  }, PATIENCE);

  async function openAsAdministrator(path: string, language: 'en-US' | 'zh-CN' = 'en-US'): Promise<void> {
    const { token } = await alone.nocobase.call<{ token: string }>('POST', 'auth:signIn', alone.nocobase.root, {
      'x-authenticator': 'basic',
    });
    await open({ NOCOBASE_TOKEN: token, NOCOBASE_AUTH: 'basic', NOCOBASE_LOCALE: language }, path);
  }

  /** The tab as a new one, with only this in its storage. */
  async function open(kept: Readonly<Record<string, string>>, path: string): Promise<void> {
    await context.clearCookies();
    await page.goto(`${alone.nocobase.url}/api/app:getLang`);
    await page.evaluate(`localStorage.clear(); Object.assign(localStorage, ${JSON.stringify(kept)});`);
    await page.goto(`${alone.nocobase.url}${path}`);
  }

  const section = (name: string): Locator => page.getByRole('region', { name, exact: true });
  const row = (list: string, userId: number): Locator =>
    section(list)
      .getByRole('row')
      .filter({ hasText: `(${userId})` });
  const press = async (list: string, button: string, userId: number): Promise<void> =>
    row(list, userId)
      .getByRole('button', { name: new RegExp(`^${button}: `) })
      .first()
      .click();
  const said = async (words: string): Promise<void> =>
    page.getByRole('status').getByText(words, { exact: false }).first().waitFor();

  describe.each(CLIENTS)('the $client client', ({ root, formItem, leaver, locked }) => {
    const settings = `${root}/admin/settings/auth`;

    it(
      'saves the treatment of leavers and the source of events, and shows the address for DingTalk’s console',
      async () => {
        await alone.configure('dingtalk', { leavers: 'report', events: 'off' });
        await openAsAdministrator(`${settings}/authenticators`);
        await page.locator('tr', { hasText: 'dingtalk' }).getByText('Configure', { exact: true }).click();
        const drawer = page.locator('.ant-drawer-content');
        const item = (label: string): Locator =>
          drawer.locator(formItem).filter({ has: page.locator('label').getByText(label, { exact: true }) });
        const choose = async (label: string, value: string): Promise<void> =>
          item(label).locator(`input[value=${value}]`).check();
        await eventually(
          async () =>
            expect(await item('When someone leaves the organization').locator('input[value=report]').isChecked()).toBe(
              true,
            ),
          PATIENCE / 3,
        );
        await choose('How DingTalk reports it', 'push');
        await eventually(
          async () =>
            expect(await item('Request URL for events').locator('input').inputValue()).toBe(
              `${alone.nocobase.url}/api/dingtalk/events/dingtalk`,
            ),
          PATIENCE / 3,
        );
        await choose('When someone leaves the organization', 'off');
        await item('How DingTalk reports it').waitFor({ state: 'hidden' });
        await choose('When someone leaves the organization', 'lock');
        await choose('How DingTalk reports it', 'stream');
        await item('Request URL for events').waitFor({ state: 'hidden' });
        await drawer.locator('.ant-btn-primary').click();
        await drawer.waitFor({ state: 'hidden' });
        const [stored] = await alone.nocobase.list('authenticators', { name: 'dingtalk' }, 'options');
        expect(stored?.['options']).toMatchObject({ leavers: 'lock', events: 'stream' });
      },
      PATIENCE,
    );

    it(
      'shows who is locked and why, unlocks, and queries DingTalk again',
      async () => {
        await alone.configure('dingtalk', { leavers: 'lock', events: 'off' });
        const userId = userIds.get(leaver)!;
        alone.sandbox.world.staff.leave(leaver, { event: false });
        await alone.nocobase.call('POST', 'dingtalkLeavers:ask', { userId });

        await openAsAdministrator(`${settings}/leavers-dingtalk`);
        await section('DingTalk (dingtalk)').getByText('When someone leaves the organization: Lock').waitFor();
        await row('Locked accounts', userId).getByText('Has left, according to DingTalk').waitFor();
        expect(await row('Locked accounts', userId).innerText()).toMatch(/60121[\s\S]+it showed the colleague/);
        expect(await row('Reports', userId).first().innerText()).toContain('Has left. The account is locked.');

        await press('Locked accounts', 'Unlock', userId);
        await said(`User ${userId} is unlocked and has to sign in again.`);
        await row('Locked accounts', userId).waitFor({ state: 'hidden' });
        await press('Reports', 'Ask DingTalk now', userId);
        // A user whom an administrator has unlocked stays unlocked.
        await said('an administrator unlocked the account');
        expect(await row('Locked accounts', userId).count()).toBe(0);

        const search = section('Locked accounts').getByRole('textbox');
        await search.fill('nobody of this name');
        await search.press('Enter');
        await section('Locked accounts').getByText('No locked account matches this name or ID.').waitFor();
      },
      PATIENCE,
    );

    it(
      'locks by hand after a confirmation, and never the first user',
      async () => {
        await openAsAdministrator(`${settings}/leavers-dingtalk`);
        const byHand = section('Lock an account by hand');
        const lock = async (id: number): Promise<void> => {
          await byHand.getByRole('textbox', { name: 'User ID' }).fill(String(id));
          await byHand.getByRole('button', { name: 'Lock …' }).click();
          await byHand.getByRole('group').getByRole('button', { name: 'Lock', exact: true }).click();
        };
        await byHand.getByRole('textbox', { name: 'User ID' }).fill('Ben');
        await byHand.getByText('A user ID is a whole number').waitFor();
        expect(await byHand.getByRole('button', { name: 'Lock …' }).isDisabled()).toBe(true);
        await lock(1);
        await said('The first user is never locked');
        const userId = userIds.get(locked)!;
        await lock(userId);
        await said(`User ${userId} is locked.`);
        await row('Locked accounts', userId).getByText('By hand', { exact: true }).waitFor();
      },
      PATIENCE,
    );

    it(
      'tells a locked user so on the sign-in page',
      async () => {
        await open({ NOCOBASE_LOCALE: 'zh-CN' }, `${root}/signin?redirect=/admin`);
        await page.getByRole('link', { name: 'DingTalk', exact: true }).click();
        await page.waitForSelector(`[data-person="${locked}"]`);
        await page.click(`[data-person="${locked}"]`);
        await page.waitForURL((at) => at.pathname === `/nb${root}/signin`);
        expect(await page.locator('.ant-alert-error').innerText()).toContain(ERROR_TEXTS.zh.account_locked.text);
      },
      PATIENCE,
    );
  });

  it(
    'speaks Chinese, and reports what cannot be read',
    async () => {
      await openAsAdministrator('/admin/settings/auth/leavers-dingtalk', 'zh-CN');
      await section(chinese['Reports']!).getByRole('row').first().waitFor();
      await page.getByText(chinese['People who left DingTalk']!, { exact: true }).first().waitFor();
      await page.route('**/dingtalkLeavers:list*', async (route) =>
        route.fulfill({ status: 403, json: { errors: [{ message: '无此权限' }] } }),
      );
      // antd inserts a space between the two Chinese characters of a button.
      await page.getByRole('button', { name: new RegExp(`^${chinese['Refresh']!.split('').join(' ?')}$`) }).click();
      await section(chinese['Reports']!).getByText('无此权限').waitFor();
      await page.unroute('**/dingtalkLeavers:list*');
    },
    PATIENCE,
  );
});
