import { getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import * as fc from 'fast-check';
import {
  canBeFound,
  formatToStore,
  MAX_SPELLINGS,
  numberIn,
  type PhoneNumber,
  phoneNumber,
  type Region,
  storedFormats,
} from './phone-number.js';

const e164 = (text: string): PhoneNumber => {
  const phone = phoneNumber(text);
  if (phone === undefined) throw new TypeError(`${text} is no number`);
  return phone;
};

/** How people type +86 138 0000 0000. */
const TYPED = [
  ['+8613800000000', '+86-13800000000', '8613800000000', '86-13800000000', '13800000000'],
  ['138 0000 0000', '138-0000-0000', '+86 13800000000', '+86 138 0000 0000', '+86 138-0000-0000', '+86138 0000 0000'],
  ['0086-13800000000', '008613800000000', '0086 138 0000 0000', '(+86)13800000000', '(+86) 138 0000 0000'],
  [' 13800000000', '13800000000 ', ' +8613800000000', '86 138 0000 0000', '86-138-0000-0000'],
  ['\uff11\uff13\uff18\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10'],
].flat();

describe('a stored number', () => {
  it.each(TYPED)('%j is parsed as this number, and found', (text) => {
    expect(numberIn(text, 'CN')).toBe('+8613800000000');
    expect(canBeFound(text, 'CN')).toBe(true);
  });

  it.each([
    ['1-4155550123', '+14155550123'],
    ['14155550123', '+8614155550123'],
    ['141 5555 0123', '+8614155550123'],
    ['+1 415 555 0123', '+14155550123'],
    ['001 415 555 0123', '+14155550123'],
    ['852-61234567', '+85261234567'],
    ['\u00a0138\u20110000\u20130000', '+8613800000000'],
  ])('%j is %s for people in China', (text, expected) => {
    expect(numberIn(text, 'CN')).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '-',
    'abc',
    '138000000000',
    '1-13800000000',
    '+86',
    '138****0000',
    '+86+13800000000',
    '13800000000x',
  ])('%j is no valid number', (text) => {
    expect(numberIn(text, 'CN')).not.toBe('+8613800000000');
    expect(canBeFound(text, 'CN')).toBe(false);
  });

  it('is not found if it is stored in a format that is not looked up', () => {
    expect(numberIn('1.3.8.0.0.0.0.0.0.0.0', 'CN')).toBe('+8613800000000');
    expect(canBeFound('1.3.8.0.0.0.0.0.0.0.0', 'CN')).toBe(false);
  });

  it.each<[Region, string]>([
    ['CN', '+8613800000000'],
    ['CN', '+14155550123'],
    ['GB', '+447911123456'],
    ['US', '+14155552671'],
    ['IT', '+390236618300'],
    ['RU', '+79161234567'],
    ['SG', '+6591234567'],
  ])('%s: every format in which %s is looked up is parsed as this number', (home, text) => {
    for (const spelling of storedFormats(e164(text), home))
      expect([spelling, numberIn(spelling, home)]).toEqual([spelling, text]);
  });
});

describe('a phone number', () => {
  it.each(['+8613800000000', '+14155550123', '+85261234567', '+447911123456', '+861012345678', '+390236618300'])(
    'is %s unchanged',
    (text) => {
      expect(phoneNumber(text)).toBe(text);
    },
  );

  it.each(
    [
      [
        '',
        ' ',
        '+',
        '+86',
        '+861',
        '13800000000',
        '8613800000000',
        '+86 13800000000',
        '+86-13800000000',
        ' +8613800000000',
      ],
      [
        '+8613800000000 ',
        '+86138****0000',
        '+86138000000001234',
        '+86013800000000',
        '+8613800000000;ext=5',
        '+999123456789',
      ],
      [
        '\uff0b8613800000000',
        '+\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668',
        'tel:+8613800000000',
        '+8613800000000\n',
      ],
    ].flat(),
  )('is not %j', (text) => {
    expect(phoneNumber(text)).toBeUndefined();
  });

  it('of the default region is found in all common formats, and stored as people type it', () => {
    const phone = e164('+8613800000000');
    expect(storedFormats(phone, 'CN')).toEqual(expect.arrayContaining(TYPED));
    expect(storedFormats(phone, 'CN').length).toBeLessThanOrEqual(MAX_SPELLINGS);
    expect(formatToStore(phone, 'CN')).toBe('13800000000');
  });

  it('of another region is never found without its country code, and is stored in E.164', () => {
    for (const text of ['+85261234567', '+447911123456', '+14155550123', '+886912345678']) {
      const phone = e164(text);
      const national = text.replace(/^\+(?:852|44|1|886)/, '');
      expect(storedFormats(phone, 'CN')).toContain(text);
      expect(storedFormats(phone, 'CN')).not.toContain(national);
      expect(formatToStore(phone, 'CN')).toBe(text);
    }
  });

  it('of the United States is not looked up as the Chinese mobile number with the same digits', () => {
    const american = e164('+14155550123');
    const chinese = e164('+8614155550123');
    const bare = storedFormats(american, 'CN').filter((format) => /^[\d -]+$/.test(format) && !format.startsWith('00'));
    expect(bare).toEqual(['1-4155550123']);
    expect(storedFormats(chinese, 'CN')).toContain('14155550123');
  });

  describe('for any two people', () => {
    const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`));
    const text = fc.oneof(
      fc.tuple(fc.constantFrom('3', '4', '5', '6', '7', '8', '9'), digits(9)).map(([a, b]) => `+861${a}${b}`),
      fc.tuple(fc.constantFrom('10', '21', '755', '571'), digits(8)).map(([a, b]) => `+86${a}${b}`),
      fc.tuple(fc.constantFrom('2', '3', '4', '5', '6', '7', '8', '9'), digits(9)).map(([a, b]) => `+1${a}${b}`),
      fc.tuple(fc.constantFrom('2', '3', '5', '6', '9'), digits(7)).map(([a, b]) => `+852${a}${b}`),
      fc.tuple(fc.constantFrom('7', '20', '16', '86'), digits(9)).map(([a, b]) => `+44${(a + b).slice(0, 10)}`),
    );
    const number = text.map(phoneNumber).filter((phone) => phone !== undefined);

    const isSomebodys = (phone: string): boolean =>
      parsePhoneNumberFromString(phone)?.isValid() === true || /^\+861\d{10}$/.test(phone);

    it('no format of one number is a format of the other, whichever numbers share its digits', () => {
      const seen = { numbers: 0, others: 0 };
      fc.assert(
        fc.property(number, (one) => {
          seen.numbers += 1;
          const mine: ReadonlySet<string> = new Set(storedFormats(one, 'CN'));
          // Numbers that this one could be confused with: the same digits, read with another country code.
          for (const plain of new Set([...mine].map((format) => format.replace(/\D/g, '')))) {
            for (const code of ['', '86', '1', '44', '852']) {
              const other = phoneNumber(`+${code}${plain}`);
              if (other === undefined || other === one || !isSomebodys(other)) continue;
              seen.others += 1;
              expect(storedFormats(other, 'CN').filter((theirs) => mine.has(theirs))).toEqual([]);
            }
            const shorter = phoneNumber(`+${plain.slice(2)}`);
            if (shorter !== undefined && shorter !== one && isSomebodys(shorter)) {
              expect(storedFormats(shorter, 'CN').filter((theirs) => mine.has(theirs))).toEqual([]);
            }
          }
        }),
        { numRuns: 200 },
      );
      expect(seen.numbers).toBe(200);
      // Without look-alikes the property would prove nothing.
      expect(seen.others).toBeGreaterThan(30);
    });

    // libphonenumber takes 12704 in front of a Chinese number for a carrier code and drops it.
    it('no format of an American number is one of a Chinese number that starts with 12', () => {
      const [american, chinese] = [
        storedFormats(e164('+12704006123'), 'CN'),
        storedFormats(e164('+8612704006123'), 'CN'),
      ];
      expect(american.filter((format) => chinese.includes(format))).toEqual([]);
    });

    it('no two of a thousand random numbers share a format', () => {
      const owners = new Map<string, string>();
      for (const phone of new Set(fc.sample(number, 1000))) {
        for (const format of storedFormats(phone, 'CN')) {
          expect(owners.get(format) ?? phone).toBe(phone);
          owners.set(format, phone);
        }
      }
    });

    it('a number is found in the format in which it is stored', () => {
      fc.assert(
        fc.property(number, (phone) => {
          expect(storedFormats(phone, 'CN')).toContain(formatToStore(phone, 'CN'));
        }),
        { numRuns: 200 },
      );
    });
  });
});

describe('a phone number in each home region', () => {
  it.each<[Region, string, string[], string]>([
    ['CN', '+8613800000000', ['8613800000000', '13800000000'], '13800000000'],
    ['US', '+14155552671', ['14155552671', '4155552671'], '4155552671'],
    ['US', '+14165550123', ['14165550123', '4165550123'], '4165550123'],
    ['GB', '+447911123456', ['447911123456', '7911123456', '07911123456'], '07911123456'],
    ['IT', '+390236618300', ['390236618300', '0236618300'], '0236618300'],
    ['RU', '+79161234567', ['79161234567', '9161234567', '89161234567'], '89161234567'],
    ['SG', '+6591234567', ['6591234567', '91234567'], '91234567'],
    ['GB', '+8613800000000', ['8613800000000'], '+8613800000000'],
  ])('%s: %s is found in its local formats, and stored as people dial it', (home, text, digitsOnly, stored) => {
    const phone = e164(text);
    expect(storedFormats(phone, home).filter((format) => /^\d+$/.test(format) && !format.startsWith('00'))).toEqual(
      expect.arrayContaining(digitsOnly),
    );
    expect(formatToStore(phone, home)).toBe(stored);
  });

  it.each<[Region, string, string]>([
    // A Vietnamese number without its plus sign is how people in Russia dial a Moscow number.
    ['RU', '+84951234567', '84951234567'],
    // A German number without its plus sign is 4931 1234567, a number in the town of Norden.
    ['DE', '+49311234567', '49311234567'],
    ['DE', '+14155552671', '14155552671'],
    ['US', '+2012345678', '2012345678'],
    // A number in Uruguay, which on Jamaica reads as one with the +1 left out.
    ['JM', '+5984851108', '5984851108'],
  ])('%s: %s is not looked up as %s, which is a local number', (home, text, misread) => {
    const parsed = phoneNumber(text) ?? (text as PhoneNumber);
    expect(storedFormats(parsed, home)).not.toContain(misread);
  });

  const REGIONS: readonly Region[] = ['CN', 'US', 'GB', 'DE', 'RU', 'IT', 'SG', 'HK', 'AR', 'HU', 'JP', 'KZ'];
  const codes: readonly string[] = [...new Set(REGIONS.map((region) => getCountryCallingCode(region)))];
  const valid = fc
    .tuple(fc.constantFrom(...codes), fc.stringMatching(/^\d{7,11}$/))
    .map(([code, rest]) => phoneNumber(`+${code}${rest}`))
    .filter((phone) => phone !== undefined)
    .filter((phone) => parsePhoneNumberFromString(phone)?.isValid() === true);

  it.each(REGIONS)('%s: no format of one number is a format of another, and each is found as stored', (home) => {
    const homeCode: string = getCountryCallingCode(home);
    let others = 0;
    fc.assert(
      fc.property(valid, (one) => {
        const mine = storedFormats(one, home);
        expect(mine).toContain(formatToStore(one, home));
        expect(new Set(mine).size).toBe(mine.length);
        // All numbers that these digits could be confused with: read with any country code, or dialled at home.
        for (const digits of new Set(mine.map((format) => format.replace(/\D/g, '')))) {
          const dialled = parsePhoneNumberFromString(digits, home);
          const candidates = ['', homeCode, ...codes].map((code) => phoneNumber(`+${code}${digits}`));
          for (const other of [...candidates, dialled && phoneNumber(dialled.number)]) {
            if (other === undefined || other === one) continue;
            if (parsePhoneNumberFromString(other)?.isValid() !== true) continue;
            others += 1;
            expect(storedFormats(other, home).filter((theirs) => mine.includes(theirs))).toEqual([]);
          }
        }
      }),
      { numRuns: 50 },
    );
    // Without look-alikes the property would prove nothing.
    expect(others).toBeGreaterThan(5);
  });
});
