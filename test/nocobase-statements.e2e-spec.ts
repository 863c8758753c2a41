import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DEMO_CORP_ID } from '../sandbox/index.js';
import { CountingPostgres, kindOf } from '../bench/nocobase/database.js';
import { AloneCase } from './support/alone-case.js';
import type { PluginBrowser } from './support/plugin-browser.js';
import { describeWith } from './support/requirements.js';
import { StandInGateway } from './support/stand-in-gateway.js';

const TIMES = 5;

/** The statements of NocoBase's own `auth:signIn`: the session's record and the queries for it, and old sessions. */
const NOCOBASE = {
  START: 1,
  'SELECT issuedTokens': 1,
  'INSERT issuedTokens': 1,
  COMMIT: 1,
  'DELETE issuedTokens': 1,
};

/**
 * The plugin's statements, all of which a sign-in needs: use up the ticket, find the binding, read the user for NocoBase's answer,
 * and the role for its cookie.
 */
const OURS = {
  'INSERT dingtalk_used_tickets': 1,
  'SELECT usersAuthenticators': 1,
  'SELECT users': 1,
  'SELECT rolesUsers': 1,
};

describeWith('postgres', 'The database load of a returning person', () => {
  let postgres: CountingPostgres;
  let alone: AloneCase;
  let gateway: StandInGateway;

  beforeAll(async () => {
    const started = await CountingPostgres.start(join(__dirname, '..'));
    if (typeof started === 'string') throw new Error(started);
    postgres = started;
    gateway = await StandInGateway.launch();
    // A leaver watch runs beside sign-ins, and would be counted with them.
    const settings = { leavers: 'off' };
    alone = await AloneCase.start({ database: await postgres.create('nocobase'), settings });
    await alone.add('by-gateway', { signInBy: 'gateway', gatewayUrl: gateway.url, ...settings });
  }, 120_000);

  afterAll(async () => {
    await alone?.close();
    await gateway?.stop();
    await postgres?.stop();
  });

  /** Without the query that is made once a second, and the one for new locks every ten, however many sign in. */
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

  it('is four statements beside NocoBase’s own for the session, with a ticket', async () => {
    const subject = `union-${randomInt(1e9)}`;
    expect(await asked(async () => byTicket(subject))).toEqual({ ...NOCOBASE, ...OURS });
  });

  it('is the same four with the plugin alone', async () => {
    const signedIn = await asked(async () => expect(await alone.signIn('li-lei')).toMatchObject({ status: 200 }));
    expect(signedIn).toEqual({ ...NOCOBASE, ...OURS });
  });

  it('is none for the pages, and none for people who only start', async () => {
    const { browser } = alone;
    const pages = await asked(async () => {
      await browser.start();
      await browser.fetch('dingtalk/callback/dingtalk?code=c&state=s');
      await browser.fetch('dingtalk:redeem?authenticator=by-gateway');
    });
    expect(pages).toEqual({});
  });
});

describe('A statement, as PostgreSQL records it,', () => {
  it.each([
    ['SELECT "user"."id" FROM "users" AS "user" WHERE "user"."id" = $1', 'SELECT users'],
    ['INSERT INTO "public"."issuedTokens" ("id") VALUES ($1)', 'INSERT issuedTokens'],
    ['UPDATE "users" SET "nickname" = $1', 'UPDATE users'],
    ['START TRANSACTION', 'START'],
  ])('is counted by its kind: %s', (statement, kind) => expect(kindOf(statement)).toBe(kind));
});
