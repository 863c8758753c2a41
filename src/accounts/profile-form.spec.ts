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
