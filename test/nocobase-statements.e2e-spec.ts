import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DEMO_CORP_ID } from '../sandbox/index.js';
import { CountingPostgres, kindOf } from '../bench/nocobase/database.js';
import { AloneCase } from './support/alone-case.js';
import type { PluginBrowser } from './support/plugin-browser.js';
import { describeWith } from './support/requirements.js';
import { StandInGateway } from './support/stand-in-gateway.js';

const TIMES = 5;

/** What NocoBase's own `auth:signIn` asks: the session's row and the way to it, old ones, and the role for its cookie. */
const NOCOBASE = {
  START: 1,
  'SELECT issuedTokens': 1,
  'INSERT issuedTokens': 1,
  COMMIT: 1,
  'DELETE issuedTokens': 1,
  'SELECT rolesUsers': 2,
  'SELECT roles': 2,
};

/** What the plugin adds, each of which a sign-in needs: used up once, whose it is, and the user that NocoBase answers with. */
const OURS = { 'INSERT dingtalk_used_tickets': 1, 'SELECT usersAuthenticators': 1, 'SELECT users': 1 };

describeWith('postgres', 'What a returning person costs the database', () => {
  let postgres: CountingPostgres;
  let alone: AloneCase;
  let gateway: StandInGateway;

  beforeAll(async () => {
    const started = await CountingPostgres.start(join(__dirname, '..'));
    if (typeof started === 'string') throw new Error(started);
    postgres = started;
    gateway = await StandInGateway.launch();
    // Whoever looks for people who left does so beside sign-ins, and would be counted with them.
    const settings = { leavers: 'off' };
    alone = await AloneCase.start({ database: await postgres.create('nocobase'), settings });
    await alone.add('by-gateway', { signInBy: 'gateway', gatewayUrl: gateway.url, ...settings });
  }, 120_000);

  afterAll(async () => {
    await alone?.close();
    await gateway?.stop();
    await postgres?.stop();
  });

  /** Without what is asked once a second, or, of whether somebody was locked, every ten, however many come. */
  async function asked(work: () => Promise<void>): Promise<Readonly<Record<string, number>>> {
    await work();
    const statements = await postgres.statements('nocobase', TIMES, async () => {
      for (let time = 0; time < TIMES; time += 1) await work();
    });
    const {
      'SELECT authenticators': rows = 0,
      'SELECT dingtalk_secrets': secrets = 0,
      'SELECT dingtalk_leaver_turns': locks = 0,
      ...each
    } = statements;
    expect(Math.max(rows, secrets, locks)).toBeLessThan(1);
    return each;
  }

  async function byTicket(subject: string): Promise<void> {
    const own: PluginBrowser = alone.browser;
    const { challenge } = await own.start({ authenticator: 'by-gateway' });
    const ticket = await gateway.ticket({
      aud: alone.nocobase.url,
      authenticator: 'by-gateway',
      challenge,
      identity: {
        subject,
        name: 'Somebody',
        organization: DEMO_CORP_ID,
        phone: '+8613912345678',
        phonePermission: 'Contact.User.mobile',
      },
    });
    expect(await own.redeem(ticket, 'by-gateway')).toMatchObject({ status: 200 });
  }

  it('by a ticket: three statements beside those of NocoBase’s own sign-in', async () => {
    const subject = `union-${randomInt(1e9)}`;
    expect(await asked(async () => byTicket(subject))).toEqual({ ...NOCOBASE, ...OURS });
  });

  it('by the plugin alone: the same three', async () => {
    const signedIn = await asked(async () => expect(await alone.signIn('li-lei')).toMatchObject({ status: 200 }));
    expect(signedIn).toEqual({ ...NOCOBASE, ...OURS });
  });

  it('none for the pages, and none for who only starts', async () => {
    const { browser } = alone;
    const pages = await asked(async () => {
      await browser.start();
      await browser.fetch('dingtalk/callback/dingtalk?code=c&state=s');
      await browser.fetch('dingtalk:redeem?authenticator=by-gateway');
    });
    expect(pages).toEqual({});
  });
});

describe('A statement, as PostgreSQL writes it down', () => {
  it.each([
    ['SELECT "user"."id" FROM "users" AS "user" WHERE "user"."id" = $1', 'SELECT users'],
    ['INSERT INTO "public"."issuedTokens" ("id") VALUES ($1)', 'INSERT issuedTokens'],
    ['UPDATE "users" SET "nickname" = $1', 'UPDATE users'],
    ['START TRANSACTION', 'START'],
  ])('%s is counted', (statement, kind) => expect(kindOf(statement)).toBe(kind));
});
