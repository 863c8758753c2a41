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

describe('the fields that people may write in their own row', () => {
  it('are those of the profile form, in whatever rows they stand, and nothing of its buttons', () => {
    expect(selfServiceFields(true, form(inRow('nickname', text), inRow('phone', text)))).toEqual(['nickname', 'phone']);
    expect(selfServiceFields(null, form({ phone: text }))).toEqual(['phone']);
    expect(selfServiceFields(undefined, form(inRow('a', { type: 'void', properties: inRow('phone', text) })))).toEqual([
      'phone',
    ]);
  });

  it.each([
    ['are shown for reading', { 'x-read-pretty': true }],
    ['are disabled', { 'x-disabled': true }],
  ])('are not those that %s', (_what, change) => {
    expect(selfServiceFields(true, form(inRow('phone', { ...text, ...change }), inRow('email', text)))).toEqual([
      'email',
    ]);
  });

  it('are also those that are only hidden: NocoBase writes them', () => {
    expect(
      selfServiceFields(true, form(inRow('phone', { ...text, 'x-hidden': true, 'x-pattern': 'disabled' }))),
    ).toEqual(['phone']);
  });

  it('are none where the form is switched off, or is not there', () => {
    expect(selfServiceFields(false, form(inRow('phone', text)))).toEqual([]);
    for (const schema of [undefined, null, {}, [], 'x', form()]) expect(selfServiceFields(true, schema)).toEqual([]);
  });
});

it('people are matched by phone where nobody says otherwise', () => {
  expect([matchedFields(), matchedFields('phone'), matchedFields('none')]).toEqual([['phone'], ['phone'], []]);
});

describe('the form with which people sign up by themselves', () => {
  const signUp = (options: object): readonly string[] => selfServiceFields(false, {}, [{ options }]);
  const signupForm = [
    { field: 'username', show: true },
    { field: 'phone', show: true },
    { field: 'email', show: false },
  ];

  it.each([
    ['as everybody is told', { allowSignUp: true, signupForm }],
    ['as it is stored', { public: { allowSignUp: true, signupForm } }],
  ])('lets them set the fields that it shows (%s)', (_how, options) => {
    expect(signUp(options)).toEqual(['username', 'phone']);
  });

  it.each([
    { allowSignUp: false, signupForm },
    { signupForm },
    { allowSignUp: true },
    { allowSignUp: true, signupForm: 'phone' },
    { allowSignUp: true, signupForm: [null, 'phone', { field: 7, show: true }] },
  ])('lets them set nothing with %j', (options) => {
    expect(signUp(options)).toEqual([]);
  });

  it('is no reason to fail, whatever is there instead', () => {
    for (const odd of [undefined, null, {}, 'x', [null, 7, {}, { options: null }]]) {
      expect(selfServiceFields(false, {}, odd)).toEqual([]);
    }
  });
});
