import * as fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import type { ExternalIdentity } from './external-identity.js';
import {
  ATTRIBUTES,
  FIELD_POLICIES,
  FIELD_PROBLEMS,
  type FieldPolicy,
  fieldRules,
  lackMemberRecord,
  mayWrite,
  problemWithFields,
} from './field-rule.js';
import { profileValues } from './profile-values.js';
import type { FieldState } from './user-directory.js';

describe('a list of field rules', () => {
  it('is parsed as written', () => {
    const list = ['nickname=name:overwrite', 'email=email:fill-empty', 'f_1a2b=jobNumber:never'];
    expect(problemWithFields(list)).toBeUndefined();
    expect(fieldRules(list)).toEqual([
      { field: 'nickname', from: 'name', policy: 'overwrite' },
      { field: 'email', from: 'email', policy: 'fill-empty' },
      { field: 'f_1a2b', from: 'jobNumber', policy: 'never' },
    ]);
    expect(fieldRules([])).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    [
      'must list items like',
      ['nickname', 'nickname=name', 'nickname:overwrite', '=name:never', 'a=b=c:never', 'a=name:'],
    ],
    [
      'must take its values from',
      ['nickname=nick:never', 'nickname=Name:never', 'a=__proto__:never', 'a=toString:never'],
    ],
    ['must end each item with', ['nickname=name:always', 'nickname=name:Overwrite', 'nickname=name:constructor']],
    ['must name fields by a letter', ['1a=name:never', '_a=name:never', 'a.b=name:never', '__proto__=name:never']],
    [
      "must not name fields that are NocoBase's own",
      ['roles=name:never', 'PASSWORD=title:never', 'id=jobNumber:never'],
    ],
    [
      'must fill phone from phone',
      ['phone=email:never', 'phone=name:never', 'email=name:never', 'nickname=email:never'],
    ],
    ['must fill phone from phone', ['Phone=phone:never', 'EMAIL=email:never']],
    ['must name each field of users only once', ['a=name:never,a=title:never', 'a=name:never,A=name:never']],
  ])('%s: refuses the others, and without a value', (problem, lists) => {
    for (const text of lists) {
      const list = text.split(',');
      const said = problemWithFields(list) ?? '';
      expect([text, said]).toEqual([text, expect.stringMatching(new RegExp(`^${problem}`))]);
      expect(FIELD_PROBLEMS).toContain(said);
    }
  });

  it('also maps a phone number or an e-mail address to a custom field', () => {
    expect(problemWithFields(['workEmail=email:overwrite', 'mobile2=phone:overwrite'])).toBeUndefined();
  });

  it('is either refused or parsed, whatever its text, and never names a field that NocoBase relies on', () => {
    const part = fc.oneof(
      fc.string({ maxLength: 10 }),
      fc.constantFrom('roles', 'password', 'username', 'id', 'phone', 'nickname', 'avatarUrl', 'resetToken'),
    );
    const item = fc
      .tuple(part, fc.oneof(part, fc.constantFrom(...ATTRIBUTES)), fc.oneof(part, fc.constantFrom(...FIELD_POLICIES)))
      .map(([field, from, policy]) => `${field}=${from}:${policy}`);
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), (list) => {
        if (problemWithFields(list) !== undefined) return;
        for (const { field, from } of fieldRules(list)) {
          expect(field).not.toMatch(/^(id|roles|password|username|reset_?token)$/i);
          if (field === 'phone') expect(from).toBe('phone');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the organization's record", () => {
  it.each(ATTRIBUTES)(
    'is required for an attribute that only it contains, with or without other rules: %s',
    (attribute) => {
      const isNeeded = ['jobNumber', 'title', 'departments'].includes(attribute);
      const rule = `company_${attribute}=${attribute}:overwrite`;
      expect(lackMemberRecord([rule], 'profile')).toBe(isNeeded);
      expect(lackMemberRecord(['nickname=name:never', rule], 'profile')).toBe(isNeeded);
      expect(lackMemberRecord([rule], 'member')).toBe(false);
    },
  );

  it('is not required without such a rule', () => {
    expect(lackMemberRecord([], 'profile')).toBe(false);
  });

  it('is not required by a list with another problem, which is reported first', () => {
    expect(lackMemberRecord(['company=jobNumber:sometimes'], 'profile')).toBe(false);
  });
});

describe('what a policy lets a later sign-in write', () => {
  it.each<[FieldPolicy, readonly FieldState[]]>([
    ['never', []],
    ['fill-empty', ['empty']],
    ['overwrite', ['empty', 'other']],
  ])('%s: a field whose state is one of %j', (policy, written) => {
    const states: readonly FieldState[] = ['same', 'empty', 'other', 'hidden'];
    expect(states.filter((state) => mayWrite(policy, state))).toEqual(written);
  });
});

describe('what is stored from an identity', () => {
  const rules = fieldRules([
    'nickname=name:overwrite',
    'email=email:overwrite',
    'phone=phone:overwrite',
    'avatarUrl=avatarUrl:overwrite',
    'jobNumber=jobNumber:overwrite',
    'jobTitle=title:overwrite',
  ]);
  const identity = (details: Partial<ExternalIdentity> = {}): ExternalIdentity => ({
    subject: 'union-1',
    name: '',
    phone: undefined,
    email: undefined,
    organization: undefined,
    phonePermission: 'x',
    ...details,
  });
  const stored = (details: Partial<ExternalIdentity>): Record<string, string> =>
    Object.fromEntries(profileValues(identity(details), rules));

  it('is its attributes, sanitized', () => {
    expect(
      stored({
        name: ' 张\u202e三 ',
        email: ' zhang@example.com',
        phone: '+8613800000000',
        avatarUrl: 'https://static.example.com/a "b".png',
        jobNumber: 'A-0\u00001',
        title: 'Head of\nSales',
      }),
    ).toEqual({
      nickname: '张 三',
      email: 'zhang@example.com',
      phone: '+8613800000000',
      avatarUrl: 'https://static.example.com/a%20%22b%22.png',
      jobNumber: 'A-0 1',
      jobTitle: 'Head of Sales',
    });
  });

  it('is nothing for a missing or unusable attribute: an empty value never erases a stored one', () => {
    expect(stored({})).toEqual({});
    expect(stored({ name: ' \u200b', email: 'nobody', phone: '138****0000', jobNumber: '', title: '\n' })).toEqual({});
  });

  it.each(
    [
      ['http://static.example.com/a.png', 'javascript:alert(1)', 'data:image/png;base64,AA', '//static.example.com/a'],
      ['https://user:pw@static.example.com/a', 'https://', 'a.png', `https://static.example.com/${'a'.repeat(240)}`],
    ].flat(),
  )('is no picture for %s', (avatarUrl) => {
    expect(stored({ avatarUrl })).toEqual({});
  });

  it('fits a column of NocoBase and is one visible line, for any identity', () => {
    const text = anyText({ maxLength: 400 });
    const url = fc.oneof(
      text,
      fc.webUrl(),
      text.map((path) => `https://a.example/${path}`),
    );
    fc.assert(
      fc.property(
        fc.record({ name: text, email: text, phone: text, avatarUrl: url, jobNumber: text, title: text }),
        (said) => {
          for (const value of Object.values(stored(said))) {
            expect(value).not.toBe('');
            expect(Array.from(value).length).toBeLessThanOrEqual(255);
            expect(value).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|^\s|\s$/u);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
