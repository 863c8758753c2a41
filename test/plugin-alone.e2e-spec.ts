import { DEMO_CORP_ID } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';

describe('A NocoBase whose plugin signs people in by itself', () => {
  /** Everything that NocoBase logs, down to its finest level. */
  const log: string[] = [];
  let alone: AloneCase;

  beforeAll(async () => {
    alone = await AloneCase.start({ env: { NB_LOG: 'debug' }, onProgress: (line) => log.push(line) });
  }, 120_000);

  afterAll(async () => alone?.close());

  it('sends a browser to DingTalk, with a redirect URI of its own that has no query', async () => {
    const own = alone.browser;
    const { location } = await own.start({ redirect: '/admin/orders' });
    expect(`${location.origin}${location.pathname}`).toBe(`${alone.sandbox.loginUrl}/oauth2/auth`);
    expect(location.searchParams.get('redirect_uri')).toBe(`${alone.nocobase.url}/api/dingtalk/callback/dingtalk`);
    expect(location.searchParams.get('corpId')).toBe(DEMO_CORP_ID);
    expect(own.cookies).toEqual([expect.stringMatching(/^sign-in-[\w-]{16}$/)]);
  });

  it('signs up who is new, and knows them the next time, with a session that counts', async () => {
    const first = await alone.signIn('li-lei', { redirect: '/admin/orders?x=1' });
    expect(first).toMatchObject({ status: 200, redirect: '/admin/orders?x=1', user: { nickname: expect.any(String) } });
    const second = await alone.signIn('li-lei', { redirect: '/v/admin/x' });
    expect(second).toMatchObject({ status: 200, redirect: '/v/admin/x', user: { id: first.user!['id'] } });
    await expect(alone.nocobase.whoIs(second.token!, 'dingtalk')).resolves.toMatchObject({ id: first.user!['id'] });
  });
});
