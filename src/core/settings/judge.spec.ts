import { ofVariable } from '../texts/index.js';
import { type Found, judge } from './judge.js';
import { choice, flag, list, secret, text, wholeNumber } from './kinds.js';
import { section } from './setting.js';

const door = section(
  'door',
  {
    width: wholeNumber(1, 9, { default: 3 }),
    isOpen: flag(),
    guests: list({ default: [] }),
    key: secret({ required: 'what opens it', unless: ['lock', 'none'] }),
    lock: choice(['bolt', 'none'], { default: 'bolt' }),
    sign: text({}),
  },
  [
    {
      of: 'isOpen',
      said: ofVariable('needs {guests}'),
      holds: ({ isOpen, guests = [] }) => isOpen !== true || guests.length > 0,
    },
  ],
);

function judged(given: Readonly<Record<string, unknown>>) {
  const checked: string[] = [];
  const { values, problems } = judge(door, (key): Found | undefined => {
    checked.push(key);
    return given[key] === undefined ? undefined : { value: given[key] };
  });
  return { values, checked, said: problems.map(({ key, said }) => `${key} ${said.en}`) };
}

describe('A section of settings', () => {
  it('accepts values of the right type, and parses texts', () => {
    const expected = { width: 4, isOpen: true, guests: ['a', 'b'], key: 'k', lock: 'bolt' };
    expect(judged({ width: 4, isOpen: true, guests: ['a', ' b '], key: 'k' })).toMatchObject({
      values: expected,
      said: [],
    });
    expect(judged({ width: '4', isOpen: 'true', guests: 'a, b', key: ' k ' })).toMatchObject({
      values: expected,
      said: [],
    });
  });

  it('reports one problem for each setting, in the order of the settings', () => {
    expect(judged({ sign: '"x"', width: '10', lock: 'glue' }).said).toEqual([
      'width must be a whole number from 1 to 9',
      'key is required: what opens it',
      'lock must be one of: bolt, none',
      'sign is in quotation marks: remove them',
    ]);
  });

  it('checks cross rules even if another setting is wrong, but not if the rule’s own setting is', () => {
    expect(judged({ key: 'k', isOpen: 'true', guests: ',' }).said).toEqual([
      'isOpen needs {guests}',
      'guests must name at least one',
    ]);
    expect(judged({ key: 'k', isOpen: 'yes' }).said).toEqual(['isOpen must be true or false']);
  });

  it.each(['constructor', 'toString', '__proto__', 'TRUE'])('does not accept %j as a flag', (word) => {
    expect(judged({ key: 'k', isOpen: word }).said).toEqual(['isOpen must be true or false']);
  });

  it('treats a list of spaces as empty: it must not disable a restriction', () => {
    expect(judged({ key: 'k', guests: [' '] }).said).toEqual(['guests must name at least one']);
  });

  it('neither checks nor requires a setting that another one makes unnecessary', () => {
    const { checked, said, values } = judged({ lock: 'none', key: 'secret' });
    expect([checked.includes('key'), said, values.key]).toEqual([false, [], undefined]);
  });
});
