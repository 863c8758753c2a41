import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { launchPostgres } from '../real-nocobase/postgres.mjs';
import { DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { answerTo, DEAD, enter, signInByPassword } from './support/person-at-nocobase.js';
import { describeWith } from './support/requirements.js';

describeWith('postgres', 'A NocoBase of two nodes on one PostgreSQL, with a leaver watch', () => {
  let sandbox: Sandbox;
  let alone: AloneCase;
  let other: TestNocoBase;
  let stopPostgres: (() => Promise<void>) | undefined;
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'nocobase-plugin-')));

  beforeAll(async () => {
    sandbox = await startSandbox();
    const postgres = await launchPostgres();
    stopPostgres = async () => postgres.stop();
    const { host, port, user, database } = postgres;
    const options = { database: { dialect: 'postgres' as const, host, port, user, database } };
    const key = randomBytes(32).toString('hex');
    const env = (node: number): Record<string, string> => ({
      NB_DIR: folders[node]!,
      APP_AES_SECRET_KEY: key,
      DINGTALK_LOGIN_URL: sandbox.loginUrl,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
    });
    const settings = { leavers: 'lock', events: 'stream', identity: 'member' };
    alone = await AloneCase.start({ ...options, sandbox, settings, env: env(0) });
    other = await launchWithPlugin({ ...options, env: env(1), port: await freePort() });
    await enter(alone, 'han-meimei');
  }, 300_000);

  afterAll(async () => {
    await alone?.nocobase.stop();
    await other?.stop();
    await stopPostgres?.();
    await sandbox?.close();
    folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  });

  const both = async (token: string): Promise<string[]> =>
    Promise.all([alone.nocobase, other].map(async (node) => answerTo(node, token)));

  it('applies a lock of one node at the other after its next check, and likewise its end; an earlier session stays invalid', async () => {
    const { userId, session, apiKey, account } = await enter(alone, 'li-lei');
    // A session of the lock's own second ends by its id, in the database; about an older one each node has to learn.
    await eventually(() => expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(decodeJwt(session).iat!));
    // Both know the session, each in its own cache.
    expect(await both(session)).toEqual(['200', '200']);
    await alone.nocobase.call('POST', 'dingtalkLeavers:lock', { userId });
    expect(await answerTo(alone.nocobase, session)).toBe('401 BLOCKED_TOKEN');
    await eventually(async () => expect(await both(apiKey)).toEqual(['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN']));
    expect(await both(session)).toEqual(['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN']);
    expect(await signInByPassword(other, account)).toMatchObject({ status: 403, cookies: [] });
    // Not at the other, which would learn of it by writing the user itself.
    await alone.nocobase.call('POST', 'dingtalkLeavers:unlock', { userId });
    await eventually(async () => expect(await both(apiKey)).toEqual(['200', '200']));
    expect(await both(session)).toEqual([expect.stringMatching(DEAD), expect.stringMatching(DEAD)]);
    const { token } = await signInByPassword(other, account);
    expect(await both(token!)).toEqual(['200', '200']);
  });

  it('signs a leaver out at both, whichever node receives the event, and locks once', async () => {
    alone.addPerson({
      id: 'wang',
      name: 'wang',
      mobile: '13800000031',
      stateCode: '86',
      memberships: [{ corpId: DEMO_CORP_ID }],
    });
    const { userId, apiKey } = await enter(alone, 'wang');
    await eventually(() => expect(sandbox.stream.connections()).toHaveLength(2));
    sandbox.world.staff.leave('wang');
    await eventually(async () => expect(await both(apiKey)).toEqual(['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN']));
    const { lines } = await alone.nocobase.call<{ lines: object[] }>(
      'GET',
      `dingtalkLeavers:list?kind=locks&search=${userId}`,
    );
    expect(lines).toMatchObject([{ userId, origin: 'ours' }]);
  });
});
