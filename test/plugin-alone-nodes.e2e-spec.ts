import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchPostgres } from '../real-nocobase/postgres.mjs';
import { DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { outcome, PluginBrowser, type Redeemed } from './support/plugin-browser.js';
import { describeWith } from './support/requirements.js';

const KEY = randomBytes(32).toString('hex');

/** The third has a different key of NocoBase's, as if it had not been shared. */
describeWith(
  'postgres',
  'A NocoBase of several nodes on one PostgreSQL, whose plugin signs people in by itself',
  () => {
    let sandbox: Sandbox;
    let alone: AloneCase;
    /** Id of the authenticator of this name. */
    let second: number;
    let stopPostgres: (() => Promise<void>) | undefined;
    const nodes: TestNocoBase[] = [];
    const folders = [1, 2, 3].map(() => mkdtempSync(join(tmpdir(), 'nocobase-plugin-')));
    const logOfThird: string[] = [];

    beforeAll(async () => {
      sandbox = await startSandbox();
      const postgres = await launchPostgres();
      stopPostgres = async () => postgres.stop();
      const { host, port, user, database } = postgres;
      const options = { database: { dialect: 'postgres' as const, host, port, user, database } };
      const env = (node: number, key: string): Record<string, string> => ({
        NB_DIR: folders[node]!,
        APP_AES_SECRET_KEY: key,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
      });
      alone = await AloneCase.start({ ...options, sandbox, env: env(0, KEY) });
      nodes.push(alone.nocobase);
      // Before the others start: without Redis, NocoBase's nodes do not notify each other of a new authenticator.
      second = await alone.add('second');
      nodes.push(await launchWithPlugin({ ...options, env: env(1, KEY), port: await freePort() }));
      nodes.push(
        await launchWithPlugin({
          ...options,
          env: { ...env(2, randomBytes(32).toString('hex')), NB_LOG: 'warn' },
          port: await freePort(),
          onProgress: (line) => logOfThird.push(line),
        }),
      );
    }, 300_000);

    afterAll(async () => {
      for (const node of nodes) await node.stop();
      await stopPostgres?.();
      await sandbox?.close();
      folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
    });

    beforeEach(() => {
      sandbox.requests.length = 0;
    });

    const at = (node: number): PluginBrowser => new PluginBrowser(`${nodes[node]!.url}/api`);
    const exchanges = (): number => sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;
    /** A browser whose requests a proxy sends to another node each time. */
    const bring = async (node: number, answer: string, cookie: string, authenticator = 'dingtalk'): Promise<Redeemed> =>
      at(node).bring(answer, authenticator, 'x-dingtalk-answer', { cookie });

    it.each([
      [0, 1],
      [1, 0],
    ])('a sign-in that starts at node %d ends at node %d', async (first, last) => {
      const own = at(first);
      const answer = await alone.answerFor('li-lei', own, { redirect: '/admin/x' });
      const done = await bring(last, answer, own.cookieHeader('sign-in-'));
      expect(done).toMatchObject({ status: 200, redirect: '/admin/x', user: { nickname: '李雷' } });
      await expect(nodes[first]!.whoIs(done.token!, 'dingtalk')).resolves.toMatchObject({ nickname: '李雷' });
    });

    it('the same answer at both simultaneously creates one session, and its code is sent once', async () => {
      const own = at(0);
      const answer = await alone.answerFor('li-lei', own);
      const cookie = own.cookieHeader('sign-in-');
      const all = await Promise.all(Array.from({ length: 10 }, async (_, index) => bring(index % 2, answer, cookie)));
      expect(all.map(outcome).toSorted()).toEqual(['200 signed in', ...Array<string>(9).fill('400 invalid_state')]);
      expect(exchanges()).toBe(1);
    });

    it('a new person who signs in at both simultaneously becomes one user', async () => {
      alone.addPerson({
        id: 'wei',
        name: '小薇',
        mobile: '13800000077',
        stateCode: '86',
        memberships: [{ corpId: DEMO_CORP_ID }],
      });
      const signIn = async (node: number): Promise<Redeemed> => {
        const own = at(node);
        return own.bring(await alone.answerFor('wei', own));
      };
      const all = await Promise.all(Array.from({ length: 8 }, async (_, index) => signIn(index % 2)));
      expect(new Set(all.map(({ status, user }) => `${status} ${String(user?.['id'])}`)).size).toBe(1);
      expect(await nodes[0]!.userByPhone('13800000077')).toHaveLength(1);
    });

    it('a setting that is saved at one applies at the other a moment later, to a start and to an end', async () => {
      const own = at(1);
      const answer = await alone.answerFor('li-lei', own, { authenticator: 'second' });
      await alone.configure('second', { corpIds: ['ding-another'] });
      await eventually(async () => {
        const { location } = await at(1).start({ authenticator: 'second' });
        expect(location.searchParams.get('corpId')).toBe('ding-another');
      });
      // For sign-ins in progress, the current rules apply.
      expect(outcome(await own.bring(answer, 'second'))).toBe('403 organization_not_allowed');
      const off = { id: second, enabled: false };
      await alone.nocobase.call('POST', `authenticators:update?filterByTk=${second}`, off);
      await eventually(async () => {
        const { location } = await at(1).start({ authenticator: 'second' });
        expect(location.search).toBe('?dingtalk_error=not_found');
      });
    });

    it('one with a different key reports it, and sends nothing to DingTalk', async () => {
      const { location } = await at(2).start({ redirect: '/v/admin/x' });
      expect(`${location.pathname}?${location.searchParams.get('dingtalk_error')}`).toBe('/v/signin?misconfigured');
      const own = at(0);
      const answer = await alone.answerFor('li-lei', own);
      expect(outcome(await bring(2, answer, own.cookieHeader('sign-in-')))).toBe('500 misconfigured');
      expect(exchanges()).toBe(0);
      await eventually(() => expect(logOfThird.join('\n')).toContain('entered under another key'));
      // And does not affect the others.
      expect(outcome(await bring(1, answer, own.cookieHeader('sign-in-')))).toBe('200 signed in');
    });

    // Last, because the database stays down.
    it('without their database people see a message, and no process exits', async () => {
      const own = at(0);
      const answer = await alone.answerFor('li-lei', own);
      await stopPostgres?.();
      stopPostgres = undefined;
      await eventually(async () => {
        const { location } = await at(0).start({ redirect: '/v/admin/x' });
        expect(`${location.pathname} ${location.searchParams.get('dingtalk_error')}`).toBe('/v/signin server_error');
      });
      expect(outcome(await own.bring(answer))).toMatch(/^50\d /);
      expect(exchanges()).toBe(0);
      expect((await at(0).fetch('dingtalk/callback/dingtalk')).status).toBe(200);
    });
  },
);
