import { randomBytes, randomInt } from 'node:crypto';
import { MisconfiguredError } from '../../src/core/errors/index.js';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type FieldState,
  type NewBinding,
  type NewUser,
  nonEmptyString,
  NotUniqueError,
  type PhoneNumber,
  phoneNumber,
  profileField,
  type ProfileValues,
  type Subject,
  type UserDirectory,
} from '../../src/core/accounts/index.js';

/**
 * A directory, and what the contract needs to prepare and inspect it. Its users have three custom fields: `avatarUrl`, `jobNumber`,
 * which is unique, and `jobTitle`, which may be read and stored with a new user, but not changed.
 */
export interface UserDirectoryUnderTest {
  readonly directory: UserDirectory;
  /** The role of a user who is registered without one. */
  readonly defaultRole: string;
  /** An existing role that is not the default one. */
  readonly otherRole: string;
  /** Creates a user as an administrator would, with the phone number exactly as given. */
  seedUser(user: {
    readonly phone?: string;
    readonly username?: string;
    readonly email?: string;
    readonly roles?: readonly string[];
  }): Promise<number>;
  /** Binds without any of the directory's checks, and without its mark. @param authenticator default: the directory's own */
  seedBinding(userId: number, subject: Subject, authenticator?: string): Promise<void>;
  /** Creates an authenticator that is later unknown to NocoBase, because it is renamed: its bindings stay. */
  seedAuthenticator(authType: string): Promise<{ readonly name: string; forget(): Promise<void> }>;
  /** The same directory for another authenticator of this NocoBase. */
  directoryOf(authenticator: string): UserDirectory;
  rolesOf(userId: number): Promise<readonly string[]>;
  /** Everything that is stored about a user, `roles` by their names. */
  read(userId: number): Promise<Readonly<Record<string, unknown>>>;
  close?(): Promise<void>;
}

/**
 * The behaviour of every UserDirectory. All users are new and have random numbers, so the contract can run repeatedly, and against
 * a NocoBase that already has users.
 */
export function describeUserDirectory(name: string, make: () => Promise<UserDirectoryUnderTest>): void {
  describe(`UserDirectory: ${name}`, () => {
    let under: UserDirectoryUnderTest;
    let directory: UserDirectory;

    beforeAll(async () => {
      under = await make();
      directory = under.directory;
    });
    afterAll(async () => under?.close?.());

    const boundTo = async (subject: Subject): Promise<number | undefined> =>
      (await directory.findByBinding(subject)).here;

    it('finds nobody by a subject that is not bound', async () => {
      await expect(boundTo(someSubject())).resolves.toBeUndefined();
    });

    it('finds the one user that a subject is bound to, and nobody by a similar subject', async () => {
      const subject = someSubject();
      const id = await under.seedUser({ phone: somePhone() });
      await under.seedBinding(id, subject);

      await expect(boundTo(subject)).resolves.toBe(id);
      await expect(boundTo(nonEmptyString(subject.toUpperCase()))).resolves.toBeUndefined();
      await expect(boundTo(nonEmptyString(`${subject} `))).resolves.toBeUndefined();
      await expect(boundTo(nonEmptyString(subject.slice(0, -1)))).resolves.toBeUndefined();
      await expect(boundTo(nonEmptyString('%'))).resolves.toBeUndefined();
    });

    it('refuses to choose between two users that are bound to one subject', async () => {
      const subject = someSubject();
      await under.seedBinding(await under.seedUser({ phone: somePhone() }), subject);
      await under.seedBinding(await under.seedUser({ phone: somePhone() }), subject);

      await expect(directory.findByBinding(subject)).rejects.toBeInstanceOf(AmbiguousBindingError);
    });

    describe('with several authenticators', () => {
      it('returns who is bound to a subject elsewhere, by the mark of the bindings, even at deleted authenticators', async () => {
        const other = await under.seedAuthenticator('DingTalk');
        const subject = someSubject();
        const id = await under.seedUser({ phone: somePhone() });
        await under.directoryOf(other.name).bind(id, someBinding(subject, '张三', 'ding-other'));
        const binding = { userId: id, subject, authenticator: other.name, isOurs: true, organization: 'ding-other' };

        await expect(directory.findByBinding(subject)).resolves.toEqual({ here: undefined, elsewhere: [binding] });
        await expect(directory.bindingsOf(id)).resolves.toEqual({ bindings: [binding], hasOthers: false });
        await expect(directory.findByBinding(nonEmptyString(subject.toUpperCase()))).resolves.toEqual({
          here: undefined,
          elsewhere: [],
        });
        await other.forget();
        await expect(directory.findByBinding(subject)).resolves.toEqual({ here: undefined, elsewhere: [binding] });
      });

      it('knows a user that was registered at another authenticator', async () => {
        const other = await under.seedAuthenticator('DingTalk');
        const user = someUser({ organization: 'ding-other' });
        const id = await under.directoryOf(other.name).register(user);
        const { elsewhere } = await directory.findByBinding(user.subject);

        expect(elsewhere).toEqual([
          {
            userId: id,
            subject: user.subject,
            authenticator: other.name,
            isOurs: true,
            organization: 'ding-other',
          },
        ]);
      });

      it.each([
        ['DingTalk', true],
        ['OIDC', undefined],
      ])('judges a binding without a mark by its authenticator: %s', async (authType, isOurs) => {
        const other = await under.seedAuthenticator(authType);
        const subject = someSubject();
        const id = await under.seedUser({ phone: somePhone() });
        await under.seedBinding(id, subject, other.name);

        const { bindings, hasOthers } = await directory.bindingsOf(id);
        expect(bindings.map((binding) => binding.isOurs)).toEqual(isOurs === undefined ? [] : [isOurs]);
        expect(hasOthers).toBe(isOurs === undefined);
        expect((await directory.findByBinding(subject)).elsewhere).toEqual(bindings);
      });

      it('cannot judge a binding without a mark if its authenticator was deleted', async () => {
        const other = await under.seedAuthenticator('OIDC');
        const subject = someSubject();
        const id = await under.seedUser({ phone: somePhone() });
        await under.seedBinding(id, subject, other.name);
        await other.forget();

        const binding = { userId: id, subject, authenticator: other.name, isOurs: 'unknown', organization: undefined };
        await expect(directory.bindingsOf(id)).resolves.toEqual({ bindings: [binding], hasOthers: false });
      });

      it("returns a user's bindings at this authenticator, with or without a mark, and nobody else's", async () => {
        const [marked, unmarked] = [
          await under.seedUser({ phone: somePhone() }),
          await under.seedUser({ phone: somePhone() }),
        ];
        const [first, second] = [someSubject(), someSubject()];
        await directory.bind(marked, someBinding(first));
        await under.seedBinding(unmarked, second);

        const subjectsOf = async (id: number) =>
          (await directory.bindingsOf(id)).bindings.map(({ subject }) => subject);
        expect([await subjectsOf(marked), await subjectsOf(unmarked)]).toEqual([[first], [second]]);
        await expect(directory.bindingsOf(2_000_000_000)).resolves.toEqual({ bindings: [], hasOthers: false });
      });

      it('binds a user once at each of them', async () => {
        const other = await under.seedAuthenticator('DingTalk');
        const id = await under.seedUser({ phone: somePhone() });
        await directory.bind(id, someBinding(someSubject()));
        await under.directoryOf(other.name).bind(id, someBinding(someSubject()));

        expect((await directory.bindingsOf(id)).bindings).toHaveLength(2);
      });
    });

    it('takes over an account in the same way as it binds one', async () => {
      const subject = someSubject();
      const id = await under.seedUser({ phone: somePhone() });

      await expect(directory.takeOver(id, someBinding(subject))).resolves.toEqual({
        usedBefore: undefined,
        sessionsEnded: false,
      });
      await expect(boundTo(subject)).resolves.toBe(id);
      await expect(directory.takeOver(id, someBinding(someSubject()))).rejects.toBeInstanceOf(AlreadyBoundError);
    });

    it.each<readonly [string, (phone: PhoneNumber) => string]>([
      ['+8613800000000', (phone) => phone],
      ['8613800000000', (phone) => phone.slice(1)],
      ['86-13800000000', (phone) => `86-${phone.slice(3)}`],
      ['+86-13800000000', (phone) => `+86-${phone.slice(3)}`],
      ['13800000000', (phone) => phone.slice(3)],
      ...TYPED,
    ])('finds a user whose number is stored like %s, with its roles', async (_example, written) => {
      const phone = somePhone();
      const id = await under.seedUser({ phone: written(phone), roles: [under.otherRole] });

      const { byPhone, emailTaken } = await directory.findMatches(phone, undefined);
      expect(byPhone.map((user) => user.id)).toEqual([id]);
      expect(byPhone[0]?.roles).toContain(under.otherRole);
      expect(emailTaken).toBe(false);
    });

    it('finds every user with the number, in whatever format it is stored', async () => {
      const phone = somePhone();
      const ids = [await under.seedUser({ phone }), await under.seedUser({ phone: phone.slice(3) })];

      const { byPhone } = await directory.findMatches(phone, undefined);
      expect(new Set(byPhone.map((user) => user.id))).toEqual(new Set(ids));
      expect(byPhone).toHaveLength(2);
    });

    it('finds nobody by a number that nobody has, or that is only similar to a stored one', async () => {
      const phone = somePhone();
      await under.seedUser({});
      await under.seedUser({ phone: `${phone}0` });
      await under.seedUser({ phone: phone.slice(4) });
      await under.seedUser({ phone: `1-${phone.slice(3)}` });

      await expect(directory.findMatches(phone, undefined)).resolves.toEqual({ byPhone: [], emailTaken: false });
    });

    it('reports whether the email address is taken, and never identifies a person by it', async () => {
      const email = `${randomBytes(8).toString('hex')}@example.com`;
      await under.seedUser({ email, phone: somePhone() });

      await expect(directory.findMatches(somePhone(), email)).resolves.toEqual({ byPhone: [], emailTaken: true });
      await expect(directory.findMatches(somePhone(), `x${email}`)).resolves.toEqual({
        byPhone: [],
        emailTaken: false,
      });
    });

    it('queries no number if there is none', async () => {
      const email = someEmail();
      await under.seedUser({});

      const nobody = { byPhone: [], emailTaken: false };
      await expect(directory.findMatches(undefined, undefined)).resolves.toEqual(nobody);
      await expect(directory.findMatches(undefined, email)).resolves.toEqual(nobody);
      await under.seedUser({ email });
      await expect(directory.findMatches(undefined, email)).resolves.toEqual({ byPhone: [], emailTaken: true });
    });

    it('registers a user without a number', async () => {
      const { phone: _, ...user } = someUser();
      const id = await directory.register(user);

      await expect(boundTo(user.subject)).resolves.toBe(id);
      expect((await under.read(id))['phone'] ?? null).toBeNull();
    });

    it('binds a user to a subject', async () => {
      const subject = someSubject();
      const id = await under.seedUser({ phone: somePhone() });
      await directory.bind(id, someBinding(subject, '张三'));

      await expect(boundTo(subject)).resolves.toBe(id);
    });

    it('does not bind a user twice, not even to the same subject, and keeps the first binding', async () => {
      const [first, second] = [someSubject(), someSubject()];
      const id = await under.seedUser({ phone: somePhone() });
      await directory.bind(id, someBinding(first, 'first'));

      await expect(directory.bind(id, someBinding(second, 'second'))).rejects.toBeInstanceOf(AlreadyBoundError);
      await expect(directory.bind(id, someBinding(first, 'first'))).rejects.toBeInstanceOf(AlreadyBoundError);
      await expect(boundTo(first)).resolves.toBe(id);
      await expect(boundTo(second)).resolves.toBeUndefined();
    });

    it('admits one of several simultaneous bindings of a user', async () => {
      const id = await under.seedUser({ phone: somePhone() });
      const attempts = await Promise.allSettled(
        Array.from({ length: 10 }, () => directory.bind(id, someBinding(someSubject(), 'n'))),
      );

      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(AlreadyBoundError);
      }
    });

    it('registers a user with its binding, and with the default role if none is given', async () => {
      const user = someUser({
        nickname: '张三 <b>&amp;</b> 🎉',
        email: `${randomBytes(8).toString('hex')}@example.com`,
      });
      const id = await directory.register(user);

      await expect(boundTo(user.subject)).resolves.toBe(id);
      const { byPhone, emailTaken } = await directory.findMatches(user.phone, user.email);
      expect(byPhone.map((found) => found.id)).toEqual([id]);
      expect(emailTaken).toBe(true);
      await expect(under.rolesOf(id)).resolves.toEqual([under.defaultRole]);
      await expect(under.read(id)).resolves.toMatchObject({
        nickname: user.nickname,
        username: user.username,
        email: user.email,
      });
    });

    it('registers a user with exactly the given roles', async () => {
      const id = await directory.register(someUser({ roles: [under.otherRole] }));

      await expect(under.rolesOf(id)).resolves.toEqual([under.otherRole]);
    });

    it('registers nobody with a role that does not exist', async () => {
      const user = someUser({ roles: [`no-such-role-${randomBytes(4).toString('hex')}`] });

      await expect(directory.register(user)).rejects.toBeInstanceOf(MisconfiguredError);
      await expect(boundTo(user.subject)).resolves.toBeUndefined();
    });

    it.each(['phone', 'username', 'email'] as const)('reports that the %s is taken', async (field) => {
      const email = `${randomBytes(8).toString('hex')}@example.com`;
      const first = someUser({ email });
      await directory.register(first);
      const second = someUser({ email: `x${email}`, [field]: first[field] });

      const refusal: unknown = await directory.register(second).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(NotUniqueError);
      expect((refusal as NotUniqueError).field).toBe(field);
      await expect(boundTo(second.subject)).resolves.toBeUndefined();
    });

    it('creates one user for twenty simultaneous registrations of one person', async () => {
      const user = someUser();
      const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => directory.register(user)));

      const made = attempts.filter((attempt) => attempt.status === 'fulfilled').map(({ value }) => value);
      expect(made).toHaveLength(1);
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(NotUniqueError);
      }
      await expect(boundTo(user.subject)).resolves.toBe(made[0]);
      const { byPhone } = await directory.findMatches(user.phone, undefined);
      expect(byPhone.map(({ id }) => id)).toEqual(made);
    });

    describe('with a profile', () => {
      it('stores the other attributes of a new user, and drops those without a field', async () => {
        const jobNumber = someJobNumber();
        const profile = values({ jobNumber, jobTitle: '经理', noSuchField: 'x' });
        const id = await directory.register(someUser({ profile }));

        const stored = await under.read(id);
        expect(stored).toMatchObject({ jobNumber, jobTitle: '经理', roles: [under.defaultRole] });
        expect(stored).not.toHaveProperty('noSuchField');
      });

      it('creates no user if a value of the profile must be unique and is taken', async () => {
        const profile = values({ jobNumber: someJobNumber() });
        await directory.register(someUser({ profile }));
        const second = someUser({ profile });

        const refusal: unknown = await directory.register(second).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(NotUniqueError);
        expect((refusal as NotUniqueError).field).toBe('unknown');
        await expect(boundTo(second.subject)).resolves.toBeUndefined();
      });

      it('reports how each field compares, and which roles the user holds', async () => {
        const email = someEmail();
        const id = await under.seedUser({ email, phone: somePhone(), roles: [under.otherRole] });
        const compared = await directory.compare(
          id,
          values({ email, phone: somePhone(), avatarUrl: 'https://a.example', noSuchField: 'x' }),
        );

        expect([compared?.id, compared?.roles]).toEqual([id, [under.otherRole]]);
        expect(Object.fromEntries(compared?.fields ?? [])).toEqual({
          email: 'same',
          phone: 'other',
          avatarUrl: 'empty',
          noSuchField: 'hidden',
        } satisfies Record<string, FieldState>);
      });

      it.each<readonly [string, (phone: PhoneNumber) => string]>([
        ['+8613800000000', (phone) => phone],
        ['8613800000000', (phone) => phone.slice(1)],
        ['86-13800000000', (phone) => `86-${phone.slice(3)}`],
        ['13800000000', (phone) => phone.slice(3)],
        ...TYPED,
      ])('recognizes a number that is stored like %s', async (_example, written) => {
        const phone = somePhone();
        const id = await under.seedUser({ phone: written(phone) });
        const compared = await directory.compare(id, values({ phone }));

        expect([...(compared?.fields ?? [])]).toEqual([['phone', 'same']]);
      });

      it('knows no user who does not exist', async () => {
        await expect(directory.compare(2_000_000_000, values({ nickname: 'x' }))).resolves.toBeUndefined();
      });

      it('changes these fields of this user, and nothing else', async () => {
        const phone = somePhone();
        const [id, other] = [
          await under.seedUser({ phone: somePhone(), email: someEmail(), roles: [under.otherRole] }),
          await under.seedUser({ phone: somePhone() }),
        ];
        const [before, otherBefore] = [await under.read(id), await under.read(other)];
        const change = { nickname: '李 <b>四</b> 🎉', phone, avatarUrl: 'https://a.example/1.png' };

        await expect(directory.update(id, values(change))).resolves.toEqual([]);
        await expect(under.read(id)).resolves.toEqual({ ...before, ...change, phone: phone.slice(3) });
        await expect(under.read(other)).resolves.toEqual(otherBefore);
        const compared = await directory.compare(id, values(change));
        expect(new Set(compared?.fields.values())).toEqual(new Set(['same']));
      });

      it('names the fields that it may not change, and changes the others', async () => {
        const id = await under.seedUser({ phone: somePhone() });
        const change = { avatarUrl: 'https://a.example/2.png', jobTitle: 'Boss', noSuchField: 'x' };

        await expect(directory.update(id, values(change))).resolves.toEqual(['jobTitle', 'noSuchField']);
        const stored = await under.read(id);
        expect(stored['avatarUrl']).toBe('https://a.example/2.png');
        expect(stored['jobTitle'] ?? null).toBeNull();
      });

      it.each([
        ['email', someEmail()],
        ['jobNumber', someJobNumber()],
        ['phone', somePhone()],
      ])('changes nothing if another user has the %s', async (field, value) => {
        const owner = await under.seedUser({});
        await directory.update(owner, values({ [field]: value }));
        const id = await under.seedUser({ phone: somePhone() });
        const before = await under.read(id);

        const change = values({ nickname: 'New', [field]: value });
        const refusal: unknown = await directory.update(id, change).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(NotUniqueError);
        expect((refusal as NotUniqueError).field).toBe(field);
        await expect(under.read(id)).resolves.toEqual(before);
      });

      it.each([2_000_000_000, 0, -1, Number.NaN])('changes nobody if there is no user %p', async (id) => {
        const bystander = await under.seedUser({});
        const before = await under.read(bystander);

        await expect(directory.update(id, values({ nickname: 'Everybody' }))).rejects.toThrow();
        await expect(under.read(bystander)).resolves.toEqual(before);
      });
    });

    it('reports that it is ready', async () => {
      await expect(directory.check()).resolves.toBeUndefined();
    });
  });
}

/** How people write +86 138 0000 0000. */
const TYPED: readonly (readonly [string, (phone: PhoneNumber) => string])[] = [
  ['138 0000 0000', (phone) => grouped(phone, ' ')],
  ['138-0000-0000', (phone) => grouped(phone, '-')],
  ['+86 13800000000', (phone) => `+86 ${phone.slice(3)}`],
  ['+86 138 0000 0000', (phone) => `+86 ${grouped(phone, ' ')}`],
  ['0086-13800000000', (phone) => `0086-${phone.slice(3)}`],
  ['0086 138 0000 0000', (phone) => `0086 ${grouped(phone, ' ')}`],
  ['(+86)13800000000', (phone) => `(+86)${phone.slice(3)}`],
  [
    '13800000000 in full width',
    (phone) => phone.slice(3).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  ],
  ['13800000000 behind a blank', (phone) => ` ${phone.slice(3)}`],
  ['13800000000 before a blank', (phone) => `${phone.slice(3)} `],
];

function grouped(phone: PhoneNumber, between: string): string {
  return [phone.slice(3, 6), phone.slice(6, 10), phone.slice(10)].join(between);
}

function somePhone(): PhoneNumber {
  return phoneNumber(`+8613${String(randomInt(1_000_000_000)).padStart(9, '0')}`)!;
}

function someEmail(): string {
  return `${randomBytes(8).toString('hex')}@example.com`;
}

function someBinding(subject: Subject, nickname = 'Somebody', organization = 'ding-ours'): NewBinding {
  return { subject, nickname, organization };
}

function someJobNumber(): string {
  return `J-${randomBytes(6).toString('hex')}`;
}

function values(fields: Readonly<Record<string, string>>): ProfileValues {
  return new Map(Object.entries(fields).map(([name, value]) => [profileField(name)!, value]));
}

function someSubject(): Subject {
  return nonEmptyString(`union-${randomBytes(12).toString('hex')}`);
}

function someUser(
  details: Partial<Omit<NewUser, 'phone'>> & { phone?: PhoneNumber } = {},
): NewUser & { phone: PhoneNumber } {
  const username = nonEmptyString(`dingtalk_${randomBytes(10).toString('hex')}`);
  return {
    subject: someSubject(),
    nickname: 'Somebody',
    username,
    phone: somePhone(),
    roles: [],
    ...details,
  };
}
