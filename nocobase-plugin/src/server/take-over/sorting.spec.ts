import type { Binding } from '../../../../src/core/accounts/index.js';
import { type Claims, type OldUser, type Sides, sortAsked, sortUnasked } from './sorting.js';

const SIDES: Sides = {
  from: 'old',
  authenticator: 'dingtalk',
  organization: 'dingcorp1',
  policy: { protectedRoles: ['root', 'admin'] },
};

const user = (changes: Partial<OldUser> = {}): OldUser => ({
  id: 7,
  found: { roles: ['member'] },
  bindings: [],
  ...changes,
});

const binding = (changes: Partial<Binding> = {}): Binding => ({
  userId: 7,
  subject: 'another',
  authenticator: 'dingtalk',
  isOurs: true,
  organization: undefined,
  ...changes,
});

const claims = (changes: Partial<Claims> = {}): Claims => ({
  subject: 'union-1',
  oldUsers: [7],
  bindings: [],
  ...changes,
});

describe('Before DingTalk is queried, a person with an old link', () => {
  it.each<[string, Partial<OldUser>]>([
    ['gone', { found: undefined }],
    ['already', { bindings: [binding()] }],
    ['already', { bindings: [binding({ subject: 'union-1' })], found: { roles: ['admin'] } }],
    ['protected', { found: { roles: ['member', 'admin'] } }],
    ['protected', { found: { roles: undefined } }],
    ['protected', { id: 1 }],
  ])('is %s: %j', (outcome, changes) => {
    expect(sortUnasked(user(changes), SIDES)).toBe(outcome);
  });

  it('is none of these because of a link at another authenticator', () => {
    expect(sortUnasked(user({ bindings: [binding({ authenticator: 'old' })] }), SIDES)).toBeUndefined();
  });
});

describe('A person whom DingTalk knows', () => {
  it.each<[string, Partial<OldUser>, Partial<Claims>]>([
    ['nobody else claims them', {}, {}],
    ['the old link itself is of our type', { bindings: [binding({ authenticator: 'old' })] }, {}],
    [
      'it names the same person by the subject',
      {},
      { bindings: [binding({ authenticator: 'old', subject: 'union-1' })] },
    ],
    ['they are the same user elsewhere', {}, { bindings: [binding({ authenticator: 'other', subject: 'union-1' })] }],
  ])('is linked if %s', (_where, changes, claimed) => {
    expect(sortAsked(user(changes), claims(claimed), SIDES)).toBe('linked');
  });

  it.each<[string, Partial<OldUser>, Partial<Claims>]>([
    ['the old authenticator has two users for them', {}, { oldUsers: [7, 8] }],
    ['another user is them here', {}, { bindings: [binding({ userId: 8, subject: 'union-1' })] }],
    [
      'another user is them elsewhere',
      {},
      { bindings: [binding({ userId: 8, subject: 'union-1', authenticator: 'other' })] },
    ],
    [
      'nobody knows whose that other link is',
      {},
      { bindings: [binding({ userId: 8, subject: 'union-1', authenticator: 'removed', isOurs: 'unknown' })] },
    ],
    ['the user is somebody else elsewhere', { bindings: [binding({ authenticator: 'other' })] }, {}],
  ])('is in conflict if %s', (_where, changes, claimed) => {
    expect(sortAsked(user(changes), claims(claimed), SIDES)).toBe('conflict');
  });

  it('may be the same user from another organization if the policy allows it', () => {
    const elsewhere = user({ bindings: [binding({ authenticator: 'other', organization: 'dingcorp2' })] });
    const policy = { ...SIDES.policy, severalBindings: true };
    expect(sortAsked(elsewhere, claims(), SIDES)).toBe('conflict');
    expect(sortAsked(elsewhere, claims(), { ...SIDES, policy })).toBe('linked');
  });
});
