import type { ErrorCode } from '../errors/index.js';
import {
  type AccountPolicy,
  admit,
  mayLink,
  mayRegister,
  mustAgree,
  onlyOrganization,
  phoneToMatch,
  userBoundElsewhere,
  userToLink,
} from './account-policy.js';
import type { ExternalIdentity } from './external-identity.js';
import type { Binding } from './user-directory.js';

const POLICY: AccountPolicy = {
  allowedOrganizations: ['ding-ours', 'ding-branch'],
  protectedRoles: ['root', 'admin'],
  autoSignUp: false,
  defaultRoles: [],
};

const PERSON: ExternalIdentity = {
  subject: 'union-1',
  name: '张三',
  phone: '+8613800000000',
  email: undefined,
  organization: 'ding-ours',
  phonePermission: 'Contact.User.mobile',
};

function codeOf(run: () => unknown): ErrorCode | 'no error' {
  try {
    run();
    return 'no error';
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

describe('who is allowed in', () => {
  it.each([
    ['ding-ours', 'no error'],
    ['ding-branch', 'no error'],
    ['ding-other', 'organization_not_allowed'],
    ['DING-OURS', 'organization_not_allowed'],
    ['ding-ours ', 'organization_not_allowed'],
    ['ding-our', 'organization_not_allowed'],
    ['ding-ours-too', 'organization_not_allowed'],
    ['ding-ours,ding-branch', 'organization_not_allowed'],
    ['', 'organization_not_allowed'],
    [undefined, 'organization_not_allowed'],
  ])('answers a member of %p with: %s', (organization, expected) => {
    expect(codeOf(() => admit({ ...PERSON, organization }, POLICY))).toBe(expected);
  });

  it.each([
    ['ding-other', 'organization: ding-other'],
    [undefined, 'organization: none named'],
  ])('logs that the person came from %p', (organization, detail) => {
    expect(() => admit({ ...PERSON, organization }, POLICY)).toThrow(expect.objectContaining({ detail }));
  });

  it('admits members of any organization, or of none, if no organization is configured', () => {
    const open = { ...POLICY, allowedOrganizations: [] };
    expect(codeOf(() => admit({ ...PERSON, organization: 'ding-other' }, open))).toBe('no error');
    expect(codeOf(() => admit({ ...PERSON, organization: undefined }, open))).toBe('no error');
  });
});

describe('the phone number for matching a person', () => {
  it('is the one from the provider, in E.164', () => {
    expect(phoneToMatch(PERSON, POLICY)).toBe('+8613800000000');
  });

  it.each([
    undefined,
    '',
    ' ',
    '13800000000',
    '+86 13800000000',
    '+',
    '+86',
    '8613800000000',
    '+86138****0000',
    '+8613800000000;ext=1',
  ])('is missing, and the error names the permission, if the provider returned %p', (phone) => {
    let thrown: unknown;
    try {
      phoneToMatch({ ...PERSON, phone }, POLICY);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'phone_missing', status: 403, setting: 'Contact.User.mobile' });
  });
});

describe('a person without a phone number, where sign-up without one is allowed', () => {
  const numberless = { ...PERSON, phone: undefined };
  const open = { ...POLICY, autoSignUp: true, signUpWithoutPhone: true, allowedOrganizations: ['ding1'] };

  it('is not looked up', () => {
    expect(phoneToMatch(numberless, open)).toBeUndefined();
    expect(phoneToMatch({ ...PERSON, phone: '' }, open)).toBeUndefined();
    expect(phoneToMatch(PERSON, open)).toBe('+8613800000000');
  });

  it.each([{ autoSignUp: false }, { signUpWithoutPhone: false }, { allowedOrganizations: [] }])(
    'is still refused with %j',
    (closed) => {
      expect(() => phoneToMatch(numberless, { ...open, ...closed })).toThrow(
        expect.objectContaining({ code: 'phone_missing' }),
      );
    },
  );
});

describe('the user with the phone number', () => {
  const user = { id: 7, roles: ['member'] };

  it('is undefined if no user has the number', () => {
    expect(userToLink([], POLICY)).toBeUndefined();
  });

  it('is linked if there is exactly one, with or without roles', () => {
    expect(userToLink([user], POLICY)).toBe(user);
    expect(userToLink([{ id: 7, roles: [] }], POLICY)).toEqual({ id: 7, roles: [] });
  });

  it('is not chosen from several, protected or not', () => {
    expect(codeOf(() => userToLink([user, { id: 8, roles: [] }], POLICY))).toBe('account_conflict');
    expect(codeOf(() => userToLink([user, user], POLICY))).toBe('account_conflict');
    expect(codeOf(() => userToLink([user, { id: 1, roles: ['root'] }], POLICY))).toBe('account_conflict');
  });

  it.each([
    ['the first user of the installation, whatever its roles', { id: 1, roles: [] }],
    ['a user with a protected role', { id: 7, roles: ['admin'] }],
    ['a user with a protected role among others', { id: 7, roles: ['member', 'root', 'guest'] }],
  ])('is never linked if it is %s', (_what, candidate) => {
    expect(codeOf(() => userToLink([candidate], POLICY))).toBe('account_protected');
  });

  it('is protected by exactly the configured roles, and by id 1 without any role', () => {
    expect(codeOf(() => userToLink([{ id: 7, roles: ['boss'] }], { ...POLICY, protectedRoles: ['boss'] }))).toBe(
      'account_protected',
    );
    expect(codeOf(() => userToLink([{ id: 7, roles: ['administrator'] }], POLICY))).toBe('no error');
    expect(codeOf(() => userToLink([{ id: 1, roles: ['member'] }], { ...POLICY, protectedRoles: [] }))).toBe(
      'account_protected',
    );
  });

  it('is created only with auto sign-up', () => {
    expect(codeOf(() => mayRegister(POLICY))).toBe('user_not_registered');
    expect(codeOf(() => mayRegister({ ...POLICY, autoSignUp: true }))).toBe('no error');
  });
});

describe('bindings at other authenticators', () => {
  const binding = (details: Partial<Binding> = {}): Binding => ({
    userId: 7,
    subject: 'union-other',
    authenticator: 'branch',
    isOurs: true,
    organization: 'ding-branch',
    ...details,
  });
  const person = { subject: 'union-1', organization: 'ding-ours', authenticator: 'dingtalk' };
  const user = { id: 7, roles: ['member'] };
  const link = (bindings: readonly Binding[], severalBindings = false, who: typeof person | object = person) =>
    codeOf(() => mayLink(user, bindings, { ...person, ...who }, { severalBindings }));

  it('identify the person by the same subject, if they are DingTalk bindings and agree', () => {
    expect(userBoundElsewhere([])).toBeUndefined();
    expect(userBoundElsewhere([binding(), binding({ authenticator: 'third' })])).toBe(7);
    expect(userBoundElsewhere([binding({ isOurs: 'unknown' })])).toBeUndefined();
    expect(codeOf(() => userBoundElsewhere([binding(), binding({ userId: 8 })]))).toBe('account_conflict');
  });

  it('must not point to another user, whatever their kind', () => {
    const unknown = binding({ isOurs: 'unknown' });
    expect(codeOf(() => mustAgree(7, [unknown]))).toBe('no error');
    expect(codeOf(() => mustAgree(8, [unknown]))).toBe('account_conflict');
    expect(codeOf(() => mustAgree(undefined, [unknown]))).toBe('account_conflict');
    expect(codeOf(() => mustAgree(undefined, []))).toBe('no error');
  });

  it('keep the user for the person who is bound', () => {
    expect(link([])).toBe('no error');
    expect(link([binding({ subject: 'union-1' })])).toBe('no error');
    expect(link([binding()])).toBe('account_conflict');
    expect(link([binding({ isOurs: 'unknown' })])).toBe('account_conflict');
    expect(link([binding({ subject: 'union-1' }), binding()])).toBe('account_conflict');
  });

  it.each<[string, Partial<Binding>, object, string]>([
    ['of another organization', {}, {}, 'no error'],
    ['of the same organization', { organization: 'ding-ours' }, {}, 'account_conflict'],
    ['of an unknown organization', { organization: undefined }, {}, 'account_conflict'],
    ['if the own organization is unknown', {}, { organization: undefined }, 'account_conflict'],
    ['of the same authenticator', { authenticator: 'dingtalk' }, {}, 'account_conflict'],
    ['of unknown kind', { isOurs: 'unknown' }, {}, 'account_conflict'],
  ])('may be several if that is allowed: one %s gives "%s"', (_which, change, who, expected) => {
    expect(link([binding(change)], true, who)).toBe(expected);
  });
});

it('of the only organization of their authenticator, if they name none', () => {
  expect(onlyOrganization(['ding-ours'])).toBe('ding-ours');
  expect(onlyOrganization(['ding-ours', 'ding-branch'])).toBeUndefined();
  expect(onlyOrganization([])).toBeUndefined();
});

describe('without a match rule', () => {
  const none = { ...POLICY, match: 'none' } as const;

  it('the phone number gives access to nothing, and need not be present', () => {
    expect(userToLink([{ id: 7, roles: [] }], none)).toBeUndefined();
    expect(
      userToLink(
        [
          { id: 1, roles: ['root'] },
          { id: 7, roles: [] },
        ],
        none,
      ),
    ).toBeUndefined();
    expect(phoneToMatch({ ...PERSON, phone: undefined }, none)).toBeUndefined();
    expect(phoneToMatch(PERSON, none)).toBe('+8613800000000');
  });
});
