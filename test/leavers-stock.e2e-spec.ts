import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_CORP_ID } from '../sandbox/index.js';
import { provision } from '../src/cli/provision/index.js';
import { wantedRights } from '../src/nocobase-client/index.js';
import { upstreamForCommands } from '../src/upstream/index.js';
import { eventually } from './support/eventually.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

let nocobase: TestNocoBase;
let apiKey: string;
let last = 0;

beforeAll(async () => {
  nocobase = await TestNocoBase.launch();
  const rights = wantedRights([], 'lock');
  const root = { url: nocobase.url, ...nocobase.root, name: 'dingtalk-gateway', authenticator: 'dingtalk' };
  apiKey = (await provision(upstreamForCommands(), { ...root, dryRun: false, rights }, () => undefined))!;
}, 120_000);
afterAll(async () => nocobase?.stop());

interface SignedIn {
  readonly person: string;
  readonly userId: number;
  readonly token: string;
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'leavers-'));

/** A gateway that watches, with people of its own. */
class LeaverCase {
  private constructor(
    readonly signIns: SignInCase,
    readonly stateFolder: string,
  ) {}

  static async start(environment: Record<string, string> = {}, stateFolder = folder()): Promise<LeaverCase> {
    const signIns = await SignInCase.start({
      ...nocobase.environment,
      NOCOBASE_API_TOKEN: apiKey,
      DINGTALK_CORP_ID: DEMO_CORP_ID,
      DINGTALK_AUTO_SIGN_UP: 'true',
      DINGTALK_LEAVERS: 'lock',
      DINGTALK_EVENTS: 'stream',
      STATE_FOLDER: stateFolder,
      ...environment,
    });
    return new LeaverCase(signIns, stateFolder);
  }

  /** Somebody new, who has signed in, and whose userid is known. */
  async employee(): Promise<SignedIn> {
    last += 1;
    const person = `employee-${last}`;
    this.signIns.addPerson({
      id: person,
      name: `Employee ${last}`,
      mobile: `1390000${String(1000 + last)}`,
      stateCode: '86',
      memberships: [{ corpId: DEMO_CORP_ID }],
    });
    const signedIn = await this.signIn(person);
    await eventually(() => expect(this.memory()).toContain(this.useridOf(person)));
    return signedIn;
  }

  async signIn(person: string): Promise<SignedIn> {
    const { token, authenticator } = handedOver(
      (await this.signIns.signIn(person, { corpId: DEMO_CORP_ID })).location,
    );
    return { person, token, userId: (await nocobase.whoIs(token, authenticator)).id };
  }

  useridOf(person: string): string {
    return this.signIns.sandbox.world.userIdOf(person, DEMO_CORP_ID) ?? '';
  }

  /** What is kept, as text. */
  memory(): string {
    const [file] = readdirSync(this.stateFolder).filter((name) => name.endsWith('.json'));
    return file === undefined ? '' : readFileSync(join(this.stateFolder, file), 'utf8');
  }

  lines(event: string): Record<string, unknown>[] {
    return this.signIns.gateway.log.filter((line) => line['event'] === event);
  }

  async connected(): Promise<void> {
    await eventually(() => expect(this.lines('leaver_stream').at(-1)).toMatchObject({ stream: 'connected' }));
  }
}

const works = async ({ token }: SignedIn): Promise<boolean> =>
  nocobase.whoIs(token, 'dingtalk').then(
    () => true,
    () => false,
  );

describe('Who leaves, at a NocoBase without the plugin', () => {
  let running: LeaverCase;

  beforeAll(async () => {
    running = await LeaverCase.start();
    await running.connected();
  });
  afterAll(async () => running?.signIns.close());

  it('has no session any more as soon as DingTalk says it; colleagues keep theirs', async () => {
    const [leaver, colleague] = [await running.employee(), await running.employee()];
    running.signIns.sandbox.world.staff.leave(leaver.person);
    await eventually(async () => expect(await works(leaver)).toBe(false));
    expect(await works(colleague)).toBe(true);
    const [line] = running.lines('leaver').filter(({ userId }) => userId === leaver.userId);
    expect(line).toMatchObject({ conclusion: 'locked', origin: 'event', code: 60121, authenticator: 'dingtalk' });
    expect(JSON.stringify(running.lines('leaver'))).not.toMatch(/Employee|139\d{8}/);
  });

  it('is let in by DingTalk no more, and is in again when they are back, with another userid', async () => {
    const leaver = await running.employee();
    running.signIns.sandbox.world.staff.leave(leaver.person);
    await eventually(async () => expect(await works(leaver)).toBe(false));
    running.signIns.sandbox.world.staff.join(leaver.person);
    await eventually(() =>
      expect(running.lines('leaver_returned').map(({ userId }) => userId)).toContain(leaver.userId),
    );
    expect(running.memory()).toContain(running.useridOf(leaver.person));
    // NocoBase refuses tokens of the very second in which sessions were ended.
    const again = await eventually(async () => running.signIn(leaver.person));
    expect([again.userId, await works(again), await works(leaver)]).toEqual([leaver.userId, true, false]);
  });

  it('keeps its session where the role is a protected one: an alarm instead', async () => {
    const boss = await running.employee();
    await nocobase.call('POST', `users:update?filterByTk=${boss.userId}`, { roles: ['member', 'admin'] });
    running.signIns.sandbox.world.staff.leave(boss.person);
    await eventually(() =>
      expect(running.lines('leaver').find(({ userId }) => userId === boss.userId)).toMatchObject({
        conclusion: 'protected',
      }),
    );
    expect(await works(boss)).toBe(true);
  });

  it('is nobody who is merely out of the scope', async () => {
    const hidden = await running.employee();
    const { world } = running.signIns.sandbox;
    world.membership(hidden.person, DEMO_CORP_ID)!.visible = false;
    const before = running.lines('leaver_unclear').length;
    // As if it were told of somebody who is only hidden.
    const userIds = [running.useridOf(hidden.person)];
    running.signIns.sandbox.events.emit({ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds });
    await eventually(() => expect(running.lines('leaver_unclear').length).toBeGreaterThan(before));
    expect(running.lines('leaver_unclear').at(-1)).toMatchObject({ userId: hidden.userId, why: 'out_of_scope' });
    expect(await works(hidden)).toBe(true);
  });

  it('is kept in a file that only its owner can read, by ids', () => {
    const [file] = readdirSync(running.stateFolder);
    expect(statSync(join(running.stateFolder, file!)).mode & 0o777).toBe(0o600);
    expect(running.memory()).not.toMatch(/Employee|139\d{8}/);
  });
});
