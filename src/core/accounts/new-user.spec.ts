import * as fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import type { ExternalIdentity } from './external-identity.js';
import { displayName, emailToStore, newUser, usernameFor } from './new-user.js';
import { nonEmptyString } from './non-empty-string.js';
import { phoneNumber } from './phone-number.js';

const PHONE = phoneNumber('+8613800000000')!;
const OPTIONS = { provider: 'dingtalk', emailTaken: false, roles: ['member'], attempt: 0 };
/** NocoBase's own check of usernames: `isValidUsername` of its user plugin. */
const USERNAME_RULE = /^[^@.<>"'/]{1,50}$/;

function person(details: Partial<ExternalIdentity> = {}): ExternalIdentity {
  return {
    subject: 'union-1',
    name: '张三',
    phone: PHONE,
    email: 'zhang@example.com',
    organization: 'ding-ours',
    phonePermission: 'Contact.User.mobile',
    ...details,
  };
}

const configuredName = fc.stringMatching(/^[\w-]{1,64}$/);
const text = anyText({ maxLength: 200 });

describe('a new user', () => {
  it('has the fields of the allow-list, and nothing else from the identity', () => {
    const identity = { ...person(), password: 'x', id: 1, roles: ['root'], appLang: 'x', createdById: 1 };
    expect(newUser(identity, PHONE, OPTIONS)).toEqual({
      subject: 'union-1',
      organization: 'ding-ours',
      nickname: '张三',
      username: usernameFor('dingtalk', nonEmptyString('union-1')),
      phone: PHONE,
      email: 'zhang@example.com',
      roles: ['member'],
    });
  });

  it('gets no e-mail address if it is taken, missing or invalid', () => {
    expect(newUser(person(), PHONE, { ...OPTIONS, emailTaken: true })).not.toHaveProperty('email');
    for (const email of [undefined, '', ' ', 'nobody', 'a@b', '<a@example.com>', `${'a'.repeat(250)}@example.com`]) {
      expect(newUser(person({ email }), PHONE, OPTIONS)).not.toHaveProperty('email');
    }
    expect(emailToStore(person({ email: ' zhang@example.com\n' }))).toBe('zhang@example.com');
  });

  it('gets its username as its nickname if no character of the name is visible', () => {
    for (const name of ['', '   ', '\u0000\u200b\u202e', '\ufeff\u2028\n']) {
      const user = newUser(person({ name }), PHONE, OPTIONS);
      expect(user.nickname).toBe(user.username);
    }
  });

  it('is never created for a person without a subject', () => {
    expect(() => newUser(person({ subject: '' }), PHONE, OPTIONS)).toThrow(TypeError);
    expect(() => newUser(person({ subject: ' \t' }), PHONE, OPTIONS)).toThrow(TypeError);
  });

  it('is valid in NocoBase for any name, subject, address and configured authenticator', () => {
    fc.assert(
      fc.property(text, text, configuredName, fc.nat(20), (name, subject, provider, attempt) => {
        fc.pre(subject.trim() !== '');
        const user = newUser(person({ name, subject, email: name }), PHONE, { ...OPTIONS, provider, attempt });
        expect(user.username).toMatch(USERNAME_RULE);
        expect(user.nickname).not.toBe('');
        expect(Array.from(user.nickname).length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the username', () => {
  const subject = nonEmptyString('union-1');

  // The environment admits only [\w-], but `DingTalkOptions.authenticator` of an embedding application is not checked.
  for (const provider of ['corp.example', 'a@b', 'a/b', '<b>', `"'`]) {
    it(`is valid in NocoBase for the provider ${provider}`, () => {
      expect(usernameFor(provider, subject)).toMatch(USERNAME_RULE);
    });
  }

  it('depends only on the authenticator and the subject', () => {
    expect(usernameFor('dingtalk', subject)).toBe(usernameFor('dingtalk', nonEmptyString('union-1')));
    const names = [
      usernameFor('dingtalk', subject),
      usernameFor('dingtalk', nonEmptyString('union-2')),
      usernameFor('dingtalk-branch', subject),
      usernameFor(`${'d'.repeat(30)}a`, subject),
      usernameFor(`${'d'.repeat(30)}b`, subject),
      usernameFor('ab', nonEmptyString('c')),
      usernameFor('a', nonEmptyString('bc')),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('differs for every attempt, and has no number at the first', () => {
    expect(usernameFor('dingtalk', subject)).toMatch(/^dingtalk_[0-9a-f]{20}$/);
    expect(usernameFor('dingtalk', subject, 1)).toBe(`${usernameFor('dingtalk', subject)}_2`);
    expect(usernameFor('dingtalk', subject, 2)).toBe(`${usernameFor('dingtalk', subject)}_3`);
  });
});

describe('the displayed name', () => {
  it.each([
    ['张三', '张三'],
    ['  Zhang \t San  ', 'Zhang San'],
    ['line\r\none\u2028two\u2029three', 'line one two three'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['{{ $user }} ${x} %s', '{{ $user }} ${x} %s'],
    ['\u202eevil\u202c \u2066x\u2069', 'evil x'],
    ['zero\u200bwidth\u0000nul\u007fdel\u009fc1', 'zero width nul del c1'],
    ['half \ud83d emoji \udc00', 'half emoji'],
    ['🎉 party', '🎉 party'],
    ['e\u0301', '\u00e9'],
  ])('of %j is %j', (name, expected) => {
    expect(displayName(name)).toBe(expected);
  });

  it('is cut at 100 characters, never within one', () => {
    expect(displayName('字'.repeat(500))).toBe('字'.repeat(100));
    expect(displayName('🎉'.repeat(500))).toBe('🎉'.repeat(100));
    expect(displayName(`${'a'.repeat(99)} b`)).toBe('a'.repeat(99));
  });

  it('is one well-formed line without invisible characters, and idempotent', () => {
    fc.assert(
      fc.property(text, (name) => {
        const shown = displayName(name);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|^\s|\s$|\s\s/u);
        expect(shown.isWellFormed()).toBe(true);
        expect(displayName(shown)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });
});
