import { InMemorySessionIssuer } from '../../test/fakes/in-memory-session-issuer.js';
import { InMemoryUserDirectory } from '../../test/fakes/in-memory-user-directory.js';
import {
  type AccountPolicy,
  AlreadyBoundError,
  type ExternalIdentity,
  fieldRules,
  type MatchedUser,
  type Matches,
  type NewBinding,
  type NewUser,
  nonEmptyString,
  NotUniqueError,
} from '../core/accounts/index.js';
import { usernameFor } from '../core/accounts/new-user.js';
import type { ReturnPath } from '../core/return-path/index.js';
import { SessionHandOff } from '../nocobase-client/index.js';
import type { AuthOptions } from './auth.options.js';
import { SessionSignIn } from './session-sign-in.js';
import type { SignedIn } from './sign-in.service.js';
import type { SignInTransaction } from '../core/sign-in/index.js';

const TRANSACTION: SignInTransaction = {
  state: 's'.repeat(43),
  authenticator: 'dingtalk',
  returnPath: '/admin/x?y=1#z' as ReturnPath,
  flow: 'browser',
};

function person(details: Partial<ExternalIdentity> = {}): ExternalIdentity {
  return {
    subject: 'union-1',
    name: '张三',
    phone: '+8613800000000',
    email: undefined,
    organization: 'ding-ours',
    phonePermission: 'Contact.User.mobile',
    ...details,
  };
}

/** One gateway in front of a directory, which several may share. */
function gateway(
  directory: InMemoryUserDirectory,
  policy: Partial<AccountPolicy> = {},
  fields: readonly string[] = [],
) {
  const issuer = new InMemorySessionIssuer();
  const handOff = new SessionHandOff({
    url: 'http://nocobase:13000',
    publicUrl: 'https://app.example.com',
    app: 'main',
    apiToken: 'key',
    jwtSecret: new Uint8Array(32),
    authenticator: 'dingtalk',
    handOff: 'query',
    timeoutMs: 1000,
  });
  const options: AuthOptions = {
    publicUrl: 'https://sso.example.com',
    cookieSecrets: ['x'.repeat(32)],
    transactionTtlSeconds: 600,
    defaultPath: '/admin',
    nocobasePublicUrl: 'https://app.example.com',
    policy: {
      allowedOrganizations: [],
      protectedRoles: ['root', 'admin'],
      autoSignUp: true,
      defaultRoles: [],
      ...policy,
    },
    fields: fieldRules(fields),
  };
  const service = new SessionSignIn(directory, issuer, handOff, options);
  return {
    issuer,
    signIn: async (identity: ExternalIdentity, transaction = TRANSACTION): Promise<SignedIn & MatchedUser> =>
      service.signIn(identity, transaction),
  };
}

const codeOf = async (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no error',
    (error: unknown) => (error as { code?: unknown }).code ?? error,
  );

/** A directory in which another request is always a little faster. */
class RacingDirectory extends InMemoryUserDirectory {
  beforeBind: (userId: number, subject: string) => void = () => undefined;
  beforeRegister: (user: NewUser) => void = () => undefined;

  override async bind(userId: number, binding: NewBinding): Promise<void> {
    this.beforeBind(userId, binding.subject);
    return super.bind(userId, binding);
  }

  override async register(user: NewUser): Promise<number> {
    this.beforeRegister(user);
    return super.register(user);
  }
}

describe('a person with a binding', () => {
  it('signs in to that user, with two calls at most, and lands on the return path', async () => {
    const directory = new InMemoryUserDirectory();
    const id = directory.seedUser({ phone: '13800000000' });
    directory.seedBinding(id, 'union-1');
    const { signIn, issuer } = gateway(directory);

    const done = await signIn(person());
    expect(done).toMatchObject({ userId: id, match: 'bound' });
    expect(done.handOff).toEqual({
      kind: 'redirect',
      location: `https://app.example.com/admin/x?y=1&authenticator=dingtalk&token=${issuer.issued[0]?.token}#z`,
    });
    expect(issuer.issued).toMatchObject([{ userId: id }]);
    expect(directory.calls).toEqual(['findByBinding', 'exists']);
  });

  it.each([
    ['has another number now', '+8613911111111'],
    ['has a number that belongs to another user now', '+8613922222222'],
    ['has a number that belongs to the root user now', '+8613900000001'],
    ['has no number', undefined],
    ['has an invalid number', '138****0000'],
  ])('also signs in to that user if the person %s', async (_what, phone) => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ phone: '13900000001', roles: ['root'] }, 1);
    const id = directory.seedUser({ phone: '13800000000' });
    directory.seedUser({ phone: '13922222222' });
    directory.seedBinding(id, 'union-1');

    await expect(gateway(directory).signIn(person({ phone }))).resolves.toMatchObject({ userId: id, match: 'bound' });
    expect(directory.bindings).toHaveLength(1);
  });

  it('may be an administrator: that account was bound on purpose', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ roles: ['root', 'admin'] }, 1);
    directory.seedBinding(1, 'union-1');

    await expect(gateway(directory).signIn(person())).resolves.toMatchObject({ userId: 1, match: 'bound' });
  });

  it('is refused if two users are bound to the subject', async () => {
    const directory = new InMemoryUserDirectory();
    for (const phone of ['13800000000', '13911111111']) {
      directory.seedBinding(directory.seedUser({ phone }), 'union-1');
    }
    const { signIn, issuer } = gateway(directory);

    await expect(codeOf(signIn(person()))).resolves.toBe('account_conflict');
    expect(issuer.issued).toEqual([]);
  });
});

describe('a person without a binding', () => {
  it('is bound to the one user with the number, and signs in by the binding next time', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ phone: '13911111111' });
    const id = directory.seedUser({ phone: '86-13800000000' });
    const { signIn } = gateway(directory, { autoSignUp: false });

    await expect(signIn(person())).resolves.toMatchObject({ userId: id, match: 'linked' });
    expect(directory.bindings).toMatchObject([{ userId: id, subject: 'union-1' }]);
    await expect(signIn(person({ phone: '+8613911111111' }))).resolves.toMatchObject({ userId: id, match: 'bound' });
    expect(directory.users).toHaveLength(2);
  });

  it('is never matched by an e-mail address', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ email: 'zhang@example.com', phone: '13911111111' });
    const identity = person({ email: 'zhang@example.com' });

    await expect(codeOf(gateway(directory, { autoSignUp: false }).signIn(identity))).resolves.toBe(
      'user_not_registered',
    );
    const done = await gateway(directory).signIn(identity);
    expect(done.match).toBe('registered');
    expect(directory.user(done.userId)).not.toHaveProperty('email');
  });

  it('is refused if several users have the number, in any formats', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ phone: '13800000000' });
    directory.seedUser({ phone: '+8613800000000' });
    const { signIn, issuer } = gateway(directory);

    await expect(codeOf(signIn(person()))).resolves.toBe('account_conflict');
    expect([directory.bindings, directory.users.length, issuer.issued]).toEqual([[], 2, []]);
  });

  it.each([
    ['the first user of the installation', 1, ['member']],
    ['a user with a protected role', 9, ['member', 'admin']],
  ])('is never linked to %s', async (_what, id, roles) => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ phone: '13800000000', roles }, id);
    const { signIn, issuer } = gateway(directory);

    await expect(codeOf(signIn(person()))).resolves.toBe('account_protected');
    expect([directory.bindings, directory.users.length, issuer.issued]).toEqual([[], 1, []]);
  });

  it.each([undefined, '', '138****0000', '13800000000'])(
    'is refused with the number %p before users are looked up',
    async (phone) => {
      const directory = new InMemoryUserDirectory();
      directory.seedUser({ phone: '' }, 1);

      await expect(codeOf(gateway(directory).signIn(person({ phone })))).resolves.toBe('phone_missing');
      expect(directory.calls).toEqual(['findByBinding']);
    },
  );

  it('is referred to an administrator if auto sign-up is off', async () => {
    const directory = new InMemoryUserDirectory();
    const { signIn, issuer } = gateway(directory, { autoSignUp: false });

    await expect(codeOf(signIn(person()))).resolves.toBe('user_not_registered');
    expect([directory.users, issuer.issued]).toEqual([[], []]);
  });

  it('becomes a user with a binding if auto sign-up is on', async () => {
    const directory = new InMemoryUserDirectory();
    const { signIn } = gateway(directory, { defaultRoles: ['guest'] });

    const done = await signIn(person({ name: ' 张\u202e三 ', email: 'zhang@example.com' }));
    expect(done.match).toBe('registered');
    expect(directory.users).toEqual([
      {
        id: done.userId,
        nickname: '张 三',
        username: usernameFor('dingtalk', nonEmptyString('union-1')),
        phone: '13800000000',
        email: 'zhang@example.com',
        roles: ['guest'],
      },
    ]);
    expect(directory.bindings).toMatchObject([{ userId: done.userId, subject: 'union-1' }]);
  });

  it.each(['', ' '])('is never looked up by the empty subject %j', async (subject) => {
    const directory = new InMemoryUserDirectory();
    await expect(gateway(directory).signIn(person({ subject }))).rejects.toThrow('empty');
    expect(directory.calls).toEqual([]);
  });
});

describe('a member of an organization that is not allowed in', () => {
  it.each(['ding-other', undefined])(
    '(%p) is refused before NocoBase is called, even when bound',
    async (organization) => {
      const directory = new InMemoryUserDirectory();
      directory.seedBinding(directory.seedUser({ phone: '13800000000' }), 'union-1');
      const { signIn, issuer } = gateway(directory, { allowedOrganizations: ['ding-ours'] });

      await expect(codeOf(signIn(person({ organization })))).resolves.toBe('organization_not_allowed');
      expect(directory.calls).toEqual([]);
      expect(issuer.issued).toEqual([]);
      await expect(signIn(person())).resolves.toMatchObject({ match: 'bound' });
    },
  );

  it('does not share the running sign-in of the same person from another organization', async () => {
    const directory = new InMemoryUserDirectory();
    const { signIn } = gateway(directory, { allowedOrganizations: ['ding-ours'] });

    const [allowed, refused] = await Promise.all([
      codeOf(signIn(person())),
      codeOf(signIn(person({ organization: 'ding-other' }))),
    ]);
    expect([allowed, refused]).toEqual(['no error', 'organization_not_allowed']);
  });
});

describe('two different people with one number', () => {
  it('never share a user: the second is refused', async () => {
    const directory = new InMemoryUserDirectory();
    const { signIn, issuer } = gateway(directory);
    const { userId } = await signIn(person());

    await expect(codeOf(signIn(person({ subject: 'union-2' })))).resolves.toBe('account_conflict');
    expect(directory.bindings).toMatchObject([{ userId, subject: 'union-1' }]);
    expect(issuer.issued).toHaveLength(1);
  });

  it.each(['one gateway', 'two gateways'])(
    'never share a user when they arrive at the same time at %s',
    async (where) => {
      for (const seeded of [true, false]) {
        const directory = new InMemoryUserDirectory();
        if (seeded) directory.seedUser({ phone: '13800000000' });
        const first = gateway(directory);
        const second = where === 'one gateway' ? first : gateway(directory);

        const outcomes = await Promise.all([
          codeOf(first.signIn(person())),
          codeOf(second.signIn(person({ subject: 'union-2' }))),
        ]);
        expect(outcomes.map(String).toSorted()).toEqual(['account_conflict', 'no error']);
        expect(directory.users).toHaveLength(1);
        expect(directory.bindings).toHaveLength(1);
      }
    },
  );
});

describe('simultaneous first sign-ins of one person', () => {
  it.each([
    ['one gateway', 1],
    ['five gateways', 5],
  ])('create one user and one binding: a hundred at %s', async (_where, replicas) => {
    const directory = new InMemoryUserDirectory();
    const gateways = Array.from({ length: replicas }, () => gateway(directory));
    const done = await Promise.all(
      Array.from({ length: 100 }, (_, index) => gateways[index % replicas]!.signIn(person())),
    );

    expect(directory.users).toHaveLength(1);
    expect(directory.bindings).toMatchObject([{ userId: directory.users[0]!.id, subject: 'union-1' }]);
    expect(new Set(done.map(({ userId }) => userId))).toEqual(new Set([directory.users[0]!.id]));
    // Each has its own session.
    const tokens = gateways.flatMap(({ issuer }) => issuer.issued);
    expect(tokens).toHaveLength(100);
  });

  it('create one binding if the user already exists, even at several gateways', async () => {
    const directory = new InMemoryUserDirectory();
    const id = directory.seedUser({ phone: '+86-13800000000' });
    const gateways = Array.from({ length: 5 }, () => gateway(directory, { autoSignUp: false }));
    const done = await Promise.all(Array.from({ length: 50 }, (_, index) => gateways[index % 5]!.signIn(person())));

    expect(directory.bindings).toMatchObject([{ userId: id, subject: 'union-1' }]);
    expect(new Set(done.map(({ userId }) => userId))).toEqual(new Set([id]));
  });

  it('do not remember a failure: the next attempt starts again', async () => {
    const directory = new InMemoryUserDirectory();
    const { signIn } = gateway(directory, { autoSignUp: false });
    await expect(codeOf(signIn(person()))).resolves.toBe('user_not_registered');
    directory.seedUser({ phone: '13800000000' });
    await expect(codeOf(signIn(person()))).resolves.toBe('no error');
  });

  it('are separate for different authenticators', async () => {
    const directory = new InMemoryUserDirectory();
    directory.seedUser({ phone: '13800000000' });
    const { signIn } = gateway(directory);
    await Promise.all([signIn(person()), signIn(person(), { ...TRANSACTION, authenticator: 'dingtalk-branch' })]);
    expect(directory.calls.filter((call) => call === 'findMatches')).toHaveLength(2);
  });
});

describe('a lost race', () => {
  it('to the same person elsewhere uses that binding', async () => {
    const directory = new RacingDirectory();
    const id = directory.seedUser({ phone: '13800000000' });
    directory.beforeBind = (userId, subject) => {
      directory.beforeBind = () => undefined;
      directory.seedBinding(userId, subject);
    };
    await expect(gateway(directory).signIn(person())).resolves.toMatchObject({ userId: id, match: 'bound' });
    expect(directory.bindings).toHaveLength(1);
  });

  it('to another person ends with account_conflict, and without a session', async () => {
    const directory = new RacingDirectory();
    directory.seedUser({ phone: '13800000000' });
    directory.beforeBind = (userId) => {
      directory.beforeBind = () => undefined;
      directory.seedBinding(userId, 'union-2');
    };
    const { signIn, issuer } = gateway(directory);
    await expect(codeOf(signIn(person()))).resolves.toBe('account_conflict');
    expect(directory.bindings).toHaveLength(1);
    expect(issuer.issued).toEqual([]);
  });

  it('for the number links the user who has it now', async () => {
    const directory = new RacingDirectory();
    let made = 0;
    directory.beforeRegister = () => {
      if (made === 0) made = directory.seedUser({ phone: '13800000000' });
    };
    const done = await gateway(directory).signIn(person());
    expect(done).toMatchObject({ userId: made, match: 'linked' });
    expect(directory.users).toHaveLength(1);
  });

  it('for the number never links a protected user', async () => {
    const directory = new RacingDirectory();
    directory.beforeRegister = () => {
      if (directory.users.length === 0) directory.seedUser({ phone: '13800000000', roles: ['admin'] });
    };
    await expect(codeOf(gateway(directory).signIn(person()))).resolves.toBe('account_protected');
  });

  it('for the username tries the next one, and gives up after too many', async () => {
    const subject = nonEmptyString('union-1');
    const [first, second, third] = [0, 1, 2].map((attempt) => usernameFor('dingtalk', subject, attempt));
    for (const [taken, expected] of [
      [[first], second],
      [[first, second], third],
    ] as const) {
      const directory = new InMemoryUserDirectory();
      for (const username of taken) directory.seedUser({ username: username! });
      const { userId } = await gateway(directory).signIn(person());
      expect(directory.user(userId)?.username).toBe(expected);
    }
    const full = new InMemoryUserDirectory();
    for (const username of [first, second, third]) full.seedUser({ username: username! });
    await expect(codeOf(gateway(full).signIn(person()))).resolves.toBe('account_conflict');
    expect(full.users).toHaveLength(3);
  });

  it('for the e-mail address registers the person without it', async () => {
    const directory = new RacingDirectory();
    directory.beforeRegister = () => {
      if (directory.users.length === 0) directory.seedUser({ email: 'zhang@example.com' });
    };
    const { userId, match } = await gateway(directory).signIn(person({ email: 'zhang@example.com' }));
    expect(match).toBe('registered');
    expect(directory.user(userId)).not.toHaveProperty('email');
  });

  // MySQL and SQL Server are case-insensitive by default: their unique index refuses an address that `findMatches`
  // found free. The contract says "e-mail only if free", so the person must be able to sign in without it.
  it('for an e-mail address that only the index considers taken registers the person without it', async () => {
    class CaseInsensitiveIndex extends InMemoryUserDirectory {
      override async findMatches(...question: Parameters<InMemoryUserDirectory['findMatches']>): Promise<Matches> {
        return { ...(await super.findMatches(...question)), emailTaken: false };
      }
      override async register(user: NewUser): Promise<number> {
        if (user.email !== undefined) throw new NotUniqueError('email');
        return super.register(user);
      }
    }
    const directory = new CaseInsensitiveIndex();
    await expect(codeOf(gateway(directory).signIn(person({ email: 'Zhang@example.com' })))).resolves.toBe('no error');
  });

  it('is retried a limited number of times', async () => {
    class HopelessDirectory extends InMemoryUserDirectory {
      override async bind(userId: number): Promise<void> {
        await super.check();
        throw new AlreadyBoundError(userId);
      }
    }
    const directory = new HopelessDirectory();
    directory.seedUser({ phone: '13800000000' });
    await expect(codeOf(gateway(directory).signIn(person()))).resolves.toBe('account_conflict');
    expect(directory.calls.filter((call) => call === 'findByBinding').length).toBeLessThanOrEqual(3);
  });

  it('is not assumed when NocoBase fails: its error is passed on and nothing is retried', async () => {
    class FailingDirectory extends InMemoryUserDirectory {
      override async register(): Promise<number> {
        await super.check();
        throw new Error('boom');
      }
    }
    const directory = new FailingDirectory();
    const { signIn, issuer } = gateway(directory);
    await expect(signIn(person())).rejects.toThrow('boom');
    expect(directory.calls).toEqual(['findByBinding', 'findMatches', 'check']);
    expect(issuer.issued).toEqual([]);
  });
});
