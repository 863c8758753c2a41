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
  const looked: string[] = [];
  const { values, problems } = judge(door, (key): Found | undefined => {
    looked.push(key);
    return given[key] === undefined ? undefined : { value: given[key] };
  });
  return { values, looked, said: problems.map(({ key, said }) => `${key} ${said.en}`) };
}

describe('A section of settings', () => {
  it('takes values as they are, and texts that stand for them', () => {
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

  it('says one thing of each setting, in the order of the settings', () => {
    expect(judged({ sign: '"x"', width: '10', lock: 'glue' }).said).toEqual([
      'width must be a whole number from 1 to 9',
      'key is required: what opens it',
      'lock must be one of: bolt, none',
      'sign is in quotation marks: remove them',
    ]);
  });

  it('looks at rules about several settings although another is wrong, but not at one that is wrong itself', () => {
    expect(judged({ key: 'k', isOpen: 'true', guests: ',' }).said).toEqual([
      'isOpen needs {guests}',
      'guests must name at least one',
    ]);
    expect(judged({ key: 'k', isOpen: 'yes' }).said).toEqual(['isOpen must be true or false']);
  });

  it.each(['constructor', 'toString', '__proto__', 'TRUE'])('takes %j for no flag', (word) => {
    expect(judged({ key: 'k', isOpen: word }).said).toEqual(['isOpen must be true or false']);
  });

  it('takes a list of blanks for none: it must not open what it restricts', () => {
    expect(judged({ key: 'k', guests: [' '] }).said).toEqual(['guests must name at least one']);
  });

  it('does not look at what another setting makes needless, and does not ask for it', () => {
    const { looked, said, values } = judged({ lock: 'none', key: 'secret' });
    expect([looked.includes('key'), said, values.key]).toEqual([false, [], undefined]);
  });
});
