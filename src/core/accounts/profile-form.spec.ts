import { matchedFields } from './match-rule.js';
import { selfServiceFields } from './profile-form.js';

const inRow = (name: string, field: object): object => ({
  [name]: {
    type: 'void',
    'x-component': 'Grid.Row',
    properties: { col: { type: 'void', properties: { [name]: field } } },
  },
});

const form = (...rows: object[]): object => ({
  type: 'void',
  properties: {
    form: {
      type: 'void',
      properties: {
        edit: {
          type: 'void',
          properties: {
            grid: { type: 'void', properties: Object.assign({}, ...rows) as object },
            footer: { type: 'void', properties: { submit: { type: 'string' } } },
          },
        },
      },
    },
  },
});

const text = { type: 'string', 'x-component': 'CollectionField' };

describe('the fields that people may edit in their own record', () => {
  it('are those of the profile form, at any depth, without its buttons', () => {
    expect(selfServiceFields(true, form(inRow('nickname', text), inRow('phone', text)))).toEqual(['nickname', 'phone']);
    expect(selfServiceFields(null, form({ phone: text }))).toEqual(['phone']);
    expect(selfServiceFields(undefined, form(inRow('a', { type: 'void', properties: inRow('phone', text) })))).toEqual([
      'phone',
    ]);
  });

  it.each([
    ['are shown for reading', { 'x-read-pretty': true }],
    ['are disabled', { 'x-disabled': true }],
  ])('exclude those that %s', (_what, change) => {
    expect(selfServiceFields(true, form(inRow('phone', { ...text, ...change }), inRow('email', text)))).toEqual([
      'email',
    ]);
  });

  it('include hidden ones: NocoBase writes them', () => {
    expect(
      selfServiceFields(true, form(inRow('phone', { ...text, 'x-hidden': true, 'x-pattern': 'disabled' }))),
    ).toEqual(['phone']);
  });

  it('are none if the form is switched off, or does not exist', () => {
    expect(selfServiceFields(false, form(inRow('phone', text)))).toEqual([]);
    for (const schema of [undefined, null, {}, [], 'x', form()]) expect(selfServiceFields(true, schema)).toEqual([]);
  });
});

it('phone is the default match rule', () => {
  expect([matchedFields(), matchedFields('phone'), matchedFields('none')]).toEqual([['phone'], ['phone'], []]);
});

describe('the sign-up form', () => {
  const signUp = (options: object): readonly string[] => selfServiceFields(false, {}, [{ options }]);
  const signupForm = [
    { field: 'username', show: true },
    { field: 'phone', show: true },
    { field: 'email', show: false },
  ];

  it.each([
    ['as everyone sees it', { allowSignUp: true, signupForm }],
    ['as it is stored', { public: { allowSignUp: true, signupForm } }],
  ])('lets people set the fields that it shows (%s)', (_how, options) => {
    expect(signUp(options)).toEqual(['username', 'phone']);
  });

  it.each([
    { allowSignUp: false, signupForm },
    { signupForm },
    { allowSignUp: true },
    { allowSignUp: true, signupForm: 'phone' },
    { allowSignUp: true, signupForm: [null, 'phone', { field: 7, show: true }] },
  ])('lets people set nothing with %j', (options) => {
    expect(signUp(options)).toEqual([]);
  });

  it('causes no failure, whatever its shape', () => {
    for (const odd of [undefined, null, {}, 'x', [null, 7, {}, { options: null }]]) {
      expect(selfServiceFields(false, {}, odd)).toEqual([]);
    }
  });
});
