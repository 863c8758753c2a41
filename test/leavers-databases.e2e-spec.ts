import { launchMariaDb } from '../real-nocobase/mariadb.mjs';
import { launchPostgres } from '../real-nocobase/postgres.mjs';
import { DEMO_CORP_ID } from '../sandbox/index.js';
import { AloneCase, type AloneOptions } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { answerTo, enter } from './support/person-at-nocobase.js';
import { describeWith } from './support/requirements.js';

/** What must hold for the tables of people who left in every database and version. */
function watchesThere(start: () => Promise<{ options: AloneOptions; stop?: () => Promise<void> }>): void {
  let alone: AloneCase;
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const started = await start();
    stop = started.stop;
    alone = await AloneCase.start({ ...started.options, settings: { leavers: 'lock', identity: 'member' } });
    await enter(alone, 'han-meimei');
  }, 240_000);

  afterAll(async () => {
    await alone?.close();
    await stop?.();
  });

  const act = async <T>(action: string, userId: number): Promise<T> =>
    alone.nocobase.call<T>('POST', `dingtalkLeavers:${action}`, { userId });
  const ask = async (userId: number): Promise<unknown> =>
    (await act<{ answers: { answer: string }[] }>('ask', userId)).answers.map(({ answer }) => answer);

  it('locks a person who left, and keeps its data when NocoBase synchronizes all tables', async () => {
    const { userId, apiKey } = await enter(alone, 'li-lei');
    const at = async (): Promise<string> => answerTo(alone.nocobase, apiKey);
    expect(await ask(userId)).toEqual(['here']);
    alone.sandbox.world.staff.leave('li-lei', { corpId: DEMO_CORP_ID });
    expect(await ask(userId)).toEqual(['locked']);
    expect(await at()).toBe('401 BLOCKED_TOKEN');
    // As when any plugin is enabled: `db.sync()` over tables with data, and NocoBase restarts.
    const departments = 'filterByTk=departments';
    for (const switched of [false, true]) {
      await alone.nocobase.call('POST', `pm:${switched ? 'enable' : 'disable'}?${departments}`);
      await eventually(async () => {
        const plugins = await alone.nocobase.call<{ name: string; enabled: boolean }[]>('GET', 'pm:list');
        expect(plugins.find(({ name }) => name === 'departments')).toMatchObject({ enabled: switched });
      });
    }
    expect(await at()).toBe('401 BLOCKED_TOKEN');
    alone.sandbox.world.staff.join('li-lei', { corpId: DEMO_CORP_ID });
    await eventually(async () => expect(await ask(userId)).toEqual(['here']));
    expect(await at()).toBe('200');
    expect(await act('lock', userId)).toEqual({ outcome: 'locked' });
    expect(await at()).toBe('401 BLOCKED_TOKEN');
    const { lines } = await alone.nocobase.call<{ lines: { kind: string }[] }>(
      'GET',
      `dingtalkLeavers:list?kind=reports&search=${userId}`,
    );
    expect(lines.map(({ kind }) => kind)).toEqual(['locked_by_hand', 'returned', 'locked']);
  }, 120_000);
}

describe('The leaver watch, in a NocoBase that looks like 2.0, on SQLite', () => {
  watchesThere(async () => ({ options: { as: '2.0' } }));
});

/** With it, a name that Sequelize derives for an index has 66 characters. */
const LONG_PREFIX = { DB_TABLE_PREFIX: 'fourteenchars_' };

describeWith('mariadb', 'The leaver watch, on MariaDB, with a long prefix of tables', () => {
  watchesThere(async () => {
    const mariadb = await launchMariaDb();
    const { host, port, user, database } = mariadb;
    return {
      options: { database: { dialect: 'mariadb', host, port, user, database }, env: LONG_PREFIX },
      stop: async () => mariadb.stop(),
    };
  });
});

describeWith('postgres', 'The leaver watch, on PostgreSQL, with a long prefix of tables', () => {
  watchesThere(async () => {
    const postgres = await launchPostgres();
    const { host, port, user, database } = postgres;
    return {
      options: { database: { dialect: 'postgres', host, port, user, database }, env: LONG_PREFIX },
      stop: async () => postgres.stop(),
    };
  });
});
