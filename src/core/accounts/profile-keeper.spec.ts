import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../../test/support/eventually.js';
import { InMemoryUserDirectory, type SeedUser } from '../../../test/fakes/in-memory-user-directory.js';
import { MisconfiguredError } from '../errors/index.js';
import { AccountMatcher, type MatchedUser } from './account-matcher.js';
import { AccountUpkeep } from './account-upkeep.js';
import { MissingRightError } from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import { fieldRules } from './field-rule.js';
import type { ProfileField, ProfileValues } from './profile-field.js';
import { ProfileKeeper } from './profile-keeper.js';

const PERSON: ExternalIdentity = {
  subject: 'union-1',
  name: '张三',
  phone: '+8613800000000',
  email: 'zhang@example.com',
  avatarUrl: 'https://static.example.com/zhang.png',
  jobNumber: 'J-1',
  title: 'Engineer',
  organization: undefined,
  phonePermission: 'Contact.User.mobile',
};
const ALL_OVERWRITE = [
  ['nickname=name:overwrite', 'email=email:overwrite', 'phone=phone:overwrite'],
  ['avatarUrl=avatarUrl:overwrite', 'jobNumber=jobNumber:overwrite', 'jobTitle=title:overwrite'],
].flat();

function gateway(directory: InMemoryUserDirectory, fields: readonly string[], protectedRoles = ['root', 'admin']) {
  const policy = { allowedOrganizations: [], protectedRoles, autoSignUp: true, defaultRoles: [] };
  const rules = { policy, fields: fieldRules(fields) };
  const matcher = new AccountMatcher(directory, rules, () => undefined);
  const profiles = new ProfileKeeper(directory, rules, (line) => warnings.push(line as Record<string, unknown>));
  const upkeep = new AccountUpkeep(directory, profiles);
  return async (identity: Partial<ExternalIdentity> = {}): Promise<MatchedUser> => {
    const person = { ...PERSON, ...identity };
    const user = await matcher.match('dingtalk', person);
    await upkeep.lookAfter(user, person);
    return user;
  };
}

/** A user that the person is bound to. */
function bound(directory: InMemoryUserDirectory, user: SeedUser = {}, id?: number): number {
  const userId = directory.seedUser(user, id);
  directory.seedBinding(userId, 'union-1');
  return userId;
}

const warnings: Record<string, unknown>[] = [];
beforeEach(() => {
  warnings.length = 0;
});

const STALE = { phone: '13911111111', email: 'old@example.com', profile: { avatarUrl: 'https://old.example' } };

describe('the profile of a returning person', () => {
  it('is neither changed nor read without a policy', async () => {
    for (const fields of [[], ALL_OVERWRITE.map((item) => item.replace('overwrite', 'never'))]) {
      const directory = new InMemoryUserDirectory();
      const id = bound(directory, STALE);
      const before = directory.user(id);
      await gateway(directory, fields)();
      expect(directory.user(id)).toEqual(before);
      expect(directory.calls).toEqual(['findByBinding', 'exists']);
    }
  });

  it('overwrites what differs, and fills what is empty', async () => {
    const directory = new InMemoryUserDirectory();
    const id = bound(directory, STALE);
    await gateway(directory, ALL_OVERWRITE)();
    expect(directory.user(id)).toMatchObject({
      nickname: '张三',
      email: 'zhang@example.com',
      phone: '13800000000',
      roles: ['member'],
      profile: { avatarUrl: PERSON.avatarUrl, jobNumber: 'J-1', jobTitle: 'Engineer' },
    });
    expect(warnings).toEqual([]);
  });

  it('fills only what is empty if the policy says so', async () => {
    const directory = new InMemoryUserDirectory();
    const id = bound(directory, STALE);
    await gateway(
      directory,
      ALL_OVERWRITE.map((item) => item.replace('overwrite', 'fill-empty')),
    )();
    expect(directory.user(id)).toMatchObject({
      ...STALE,
      nickname: `user ${id}`,
      profile: { avatarUrl: 'https://old.example', jobNumber: 'J-1', jobTitle: 'Engineer' },
    });
  });

  it('never erases a field for which the provider returns nothing', async () => {
    const directory = new InMemoryUserDirectory();
    const id = bound(directory, STALE);
    const before = directory.user(id);
    const nothing = { avatarUrl: '', jobNumber: ' ', title: undefined, email: '', phone: undefined, name: '' };
    await gateway(directory, ALL_OVERWRITE)(nothing);
    expect(directory.user(id)).toEqual(before);
    expect(directory.calls).toEqual(['findByBinding', 'exists']);
  });

  it('is compared in the same call that checks that the user exists, and written only if it differs', async () => {
    const directory = new InMemoryUserDirectory();
    bound(directory, { email: 'zhang@example.com', phone: '+86-13800000000' });
    const signIn = gateway(directory, ['email=email:overwrite', 'phone=phone:overwrite']);
    await signIn();
    expect(directory.calls).toEqual(['findByBinding', 'compare']);
  });

  it('is not compared again for ten minutes, unless it changes', async () => {
    let now = 1000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const directory = new InMemoryUserDirectory();
    const id = bound(directory, STALE);
    const signIn = gateway(directory, ['nickname=name:overwrite']);
    const callsOf = async (identity: Partial<ExternalIdentity> = {}): Promise<string[]> => {
      directory.calls.length = 0;
      await signIn(identity);
      return [...directory.calls];
    };
    expect(await callsOf()).toEqual(['findByBinding', 'compare', 'update']);
    expect(await callsOf({ title: 'something nobody asked for' })).toEqual(['findByBinding']);
    expect(await callsOf({ name: '张三丰' })).toEqual(['findByBinding', 'compare', 'update']);
    expect(directory.user(id)?.nickname).toBe('张三丰');
    expect(await callsOf({ name: '张三丰' })).toEqual(['findByBinding']);
    now += 600_001;
    // The cache reads the clock at most once a millisecond.
    await delay(5);
    expect(await callsOf({ name: '张三丰' })).toEqual(['findByBinding', 'compare']);
  });

  it('is written once by simultaneous sign-ins', async () => {
    const directory = new InMemoryUserDirectory();
    bound(directory, STALE);
    const signIn = gateway(directory, ALL_OVERWRITE);
    await Promise.all(Array.from({ length: 50 }, async () => signIn()));
    expect(directory.calls.filter((call) => call === 'update')).toHaveLength(1);
  });

  it('is also applied to a newly linked account', async () => {
    const directory = new InMemoryUserDirectory();
    const id = directory.seedUser({ phone: '13800000000' });
    await expect(gateway(directory, ALL_OVERWRITE)()).resolves.toMatchObject({ userId: id, match: 'linked' });
    expect(directory.user(id)).toMatchObject({ nickname: '张三', profile: { jobNumber: 'J-1' } });
  });

  it('is stored with a new user, whatever the policies', async () => {
    const directory = new InMemoryUserDirectory();
    const { userId } = await gateway(directory, ['avatarUrl=avatarUrl:never', 'jobTitle=title:fill-empty'])();
    expect(directory.user(userId)?.profile).toEqual({ avatarUrl: PERSON.avatarUrl, jobTitle: 'Engineer' });
    expect(directory.calls).toEqual(['findByBinding', 'findMatches', 'register']);
  });

  it('does not prevent a new user if its number is taken', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ profile: { jobNumber: 'J-1' } });
    const { userId, match } = await gateway(directory, ['jobNumber=jobNumber:never'])();
    expect(match).toBe('registered');
    expect(directory.user(userId)).not.toHaveProperty('profile');
  });
});

describe('a protected account', () => {
  it.each<[string, number | undefined, readonly string[]]>([
    ['the first user of the installation', 1, ['member']],
    ['one with a protected role', undefined, ['member', 'boss']],
  ])('is never written: %s', async (_what, id, roles) => {
    const directory = new InMemoryUserDirectory();
    const userId = bound(directory, { ...STALE, roles }, id);
    const before = directory.user(userId);
    await gateway(directory, ALL_OVERWRITE, ['boss'])();
    expect(directory.user(userId)).toEqual(before);
    expect(directory.calls).toEqual(['findByBinding', 'compare']);
  });

  it('could be any account whose roles NocoBase hides, so such an account is not written either', async () => {
    class WithoutRoles extends InMemoryUserDirectory {
      override async compare(...question: Parameters<InMemoryUserDirectory['compare']>) {
        const user = await super.compare(...question);
        return user && { ...user, roles: undefined };
      }
    }
    const directory = new WithoutRoles();
    const id = bound(directory, STALE);
    const before = directory.user(id);
    await gateway(directory, ['nickname=name:overwrite'])();
    expect(directory.user(id)).toEqual(before);
    expect(warnings).toEqual([
      { event: 'profile_not_updated', userId: id, skipped: { 'roles are hidden': ['nickname'] } },
    ]);
  });
});

describe('a value that cannot be written', () => {
  it('is skipped if another user has it; the others are written, and one line in the log says so', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ email: 'zhang@example.com', profile: { jobNumber: 'J-1' } });
    const id = bound(directory, STALE);
    await expect(gateway(directory, ALL_OVERWRITE)()).resolves.toMatchObject({ userId: id });
    expect(directory.user(id)).toMatchObject({ nickname: '张三', email: 'old@example.com', phone: '13800000000' });
    expect(directory.user(id)?.profile).toEqual({ avatarUrl: PERSON.avatarUrl, jobTitle: 'Engineer' });
    expect(warnings).toEqual([
      { event: 'profile_not_updated', userId: id, skipped: { taken: ['email', 'jobNumber'] } },
    ]);
    expect(JSON.stringify(warnings)).not.toMatch(/zhang|J-1|张/);
  });

  it.each(['13800000000', '+8613800000000', '86-13800000000'])(
    'is a phone number that another user has as %s: two users with one number would lock its owner out',
    async (written) => {
      const directory = new InMemoryUserDirectory();
      directory.seedUser({ phone: written });
      const id = bound(directory, { phone: '13911111111' });
      await gateway(directory, ['phone=phone:overwrite', 'nickname=name:overwrite'])();
      expect(directory.user(id)).toMatchObject({ phone: '13911111111', nickname: '张三' });
      expect(warnings).toMatchObject([{ skipped: { taken: ['phone'] } }]);
    },
  );

  it('is logged if NocoBase hides or ignores the field', async () => {
    const directory = new InMemoryUserDirectory();
    directory.readOnly.add('jobTitle');
    directory.customFields.delete('avatarUrl');
    const id = bound(directory);
    await gateway(directory, [
      'jobTitle=title:overwrite',
      'avatarUrl=avatarUrl:overwrite',
      'nickname=name:overwrite',
    ])();
    expect(directory.user(id)).toMatchObject({ nickname: '张三' });
    expect(warnings).toEqual([
      {
        event: 'profile_not_updated',
        userId: id,
        skipped: { 'missing right': ['jobTitle'], 'hidden or missing at NocoBase': ['avatarUrl'] },
      },
    ]);
  });
});

describe('a failing NocoBase', () => {
  class Troubled extends InMemoryUserDirectory {
    comparing: () => void | Promise<void> = () => undefined;
    updating: () => void | Promise<void> = () => undefined;

    override async compare(userId: number, profile: ProfileValues) {
      const compared = await super.compare(userId, profile);
      await this.comparing();
      return compared;
    }
    override async update(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]> {
      await this.updating();
      return super.update(userId, profile);
    }
  }
  const fails = (error: unknown) => () => {
    throw error;
  };

  it.each<[string, () => void, object]>([
    [
      'lacks the right',
      fails(new MissingRightError('users:update', 'x', undefined)),
      { skipped: { 'missing right': ['nickname'] } },
    ],
    [
      'breaks down',
      fails(new Error('zhang@example.com')),
      { skipped: { 'upstream failed': ['nickname'] }, code: 'server_error' },
    ],
    [
      'refuses the key',
      fails(new MisconfiguredError('NOCOBASE_API_TOKEN', 'zhang')),
      { skipped: { 'upstream failed': ['nickname'] }, code: 'misconfigured' },
    ],
  ])('stops no sign-in if the update %s', async (_what, updating, line) => {
    const directory = new Troubled();
    const id = bound(directory);
    directory.updating = updating;
    await expect(gateway(directory, ['nickname=name:overwrite'])()).resolves.toMatchObject({ userId: id });
    expect(warnings).toEqual([{ event: 'profile_not_updated', userId: id, ...line }]);
  });

  it('stops no sign-in if the record cannot be read, and the profile is retried at the next one', async () => {
    const directory = new Troubled();
    const id = bound(directory);
    const signIn = gateway(directory, ['nickname=name:overwrite']);
    directory.comparing = fails(new Error('boom'));
    await expect(signIn()).resolves.toMatchObject({ userId: id });
    expect(directory.calls).toEqual(['findByBinding', 'compare', 'exists']);
    directory.comparing = () => undefined;
    await signIn();
    expect(directory.user(id)?.nickname).toBe('张三');
  });

  it('does not delay a recently seen person, nor anyone for a slow update', async () => {
    const directory = new Troubled();
    const id = bound(directory);
    const signIn = gateway(directory, ['nickname=name:overwrite']);
    let finish: () => void = () => undefined;
    const slow = () => new Promise<void>((resolve) => (finish = resolve));
    directory.updating = slow;
    await signIn();
    // The update is still pending until the test resolves it.
    expect(directory.user(id)?.nickname).not.toBe('张三');
    finish();
    await eventually(() => expect(directory.user(id)?.nickname).toBe('张三'));

    directory.comparing = slow;
    await signIn({ name: '李四' });
    finish();
  });

  it('still refuses a person whose user no longer exists', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedBinding(99, 'union-1');
    const signIn = gateway(directory, ['nickname=name:overwrite']);
    await expect(signIn()).rejects.toMatchObject({ code: 'account_conflict' });
    await expect(signIn()).rejects.toMatchObject({ code: 'account_conflict' });
  });
});
