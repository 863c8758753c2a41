import { getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Environment, InvalidEnvironmentError } from '../config/index.js';
import type { NocoBaseClientOptions } from './nocobase-client.options.js';
import { readNocoBaseOptions } from './nocobase.config.js';
import { NocoBaseFilter } from './nocobase-filter.js';
import { type NonEmptyString, nonEmptyString } from './non-empty-string.js';
import { formatToStore, type PhoneNumber, phoneNumber, type Region, storedFormats } from './phone-number.js';
import { isNocoBasesOwn, profileField } from './profile-field.js';
import { SessionHandOff } from './session-hand-off.js';

const e164 = (text: string): PhoneNumber => {
  const phone = phoneNumber(text);
  if (phone === undefined) throw new TypeError(`${text} is no number`);
  return phone;
};

describe('a phone number', () => {
  it.each(['+8613800000000', '+14155550123', '+85261234567', '+447911123456', '+861012345678', '+390236618300'])(
    'is %s as it is',
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

  it('of the default region is found in all the formats that people store, and stored as they type it', () => {
    const phone = e164('+8613800000000');
    expect(storedFormats(phone, 'CN').toSorted()).toEqual(
      ['+8613800000000', '+86-13800000000', '8613800000000', '86-13800000000', '13800000000'].toSorted(),
    );
    expect(formatToStore(phone, 'CN')).toBe('13800000000');
  });

  it('of another region is never found without its country code, and stored as E.164', () => {
    for (const text of ['+85261234567', '+447911123456', '+14155550123', '+886912345678']) {
      const phone = e164(text);
      const national = text.replace(/^\+(?:852|44|1|886)/, '');
      expect(storedFormats(phone, 'CN')).toContain(text);
      expect(storedFormats(phone, 'CN')).not.toContain(national);
      expect(formatToStore(phone, 'CN')).toBe(text);
    }
  });

  it('of the United States is not looked up as the Chinese mobile number that it reads like', () => {
    const american = e164('+14155550123');
    const chinese = e164('+8614155550123');
    expect(storedFormats(american, 'CN').toSorted()).toEqual(['+1-4155550123', '+14155550123', '1-4155550123']);
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

    it('no format of the one is a format of the other, whoever else the digits might read as', () => {
      const seen = { numbers: 0, others: 0 };
      fc.assert(
        fc.property(number, (one) => {
          seen.numbers += 1;
          const mine: ReadonlySet<string> = new Set(storedFormats(one, 'CN'));
          // The people with whom this number could be mixed up: the same digits, read with another country code.
          for (const format of mine) {
            const plain = format.replace(/\D/g, '');
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
        { numRuns: 3000 },
      );
      expect(seen.numbers).toBe(3000);
      // Without look-alikes the property would say nothing.
      expect(seen.others).toBeGreaterThan(500);
    });

    // libphonenumber takes 12704 in front of a Chinese number for the code of a carrier and drops it.
    it('no format of an American number is one of a Chinese number that starts with 12', () => {
      const [american, chinese] = [
        storedFormats(e164('+12704006123'), 'CN'),
        storedFormats(e164('+8612704006123'), 'CN'),
      ];
      expect(american.filter((format) => chinese.includes(format))).toEqual([]);
    });

    it('no two of several thousand random numbers share a format', () => {
      const owners = new Map<string, string>();
      for (const phone of new Set(fc.sample(number, 5000))) {
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
        { numRuns: 3000 },
      );
    });
  });
});

describe('a phone number, wherever people are at home', () => {
  it.each<[Region, string, string[], string]>([
    ['CN', '+8613800000000', ['8613800000000', '13800000000'], '13800000000'],
    ['US', '+14155552671', ['14155552671', '4155552671'], '4155552671'],
    ['US', '+14165550123', ['14165550123', '4165550123'], '4165550123'],
    ['GB', '+447911123456', ['447911123456', '7911123456', '07911123456'], '07911123456'],
    ['IT', '+390236618300', ['390236618300', '0236618300'], '0236618300'],
    ['RU', '+79161234567', ['79161234567', '9161234567', '89161234567'], '89161234567'],
    ['SG', '+6591234567', ['6591234567', '91234567'], '91234567'],
    ['GB', '+8613800000000', ['8613800000000'], '+8613800000000'],
  ])('%s: %s is found as people there write it, and stored as they dial it', (home, text, digitsOnly, stored) => {
    const phone = e164(text);
    expect(storedFormats(phone, home).filter((format) => /^\d+$/.test(format))).toEqual(digitsOnly);
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
  ])('%s: %s is not looked up as %s, which is somebody at home', (home, text, misread) => {
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

  it.each(REGIONS)('%s: no format of one is a format of another, and each is found as it is stored', (home) => {
    const homeCode: string = getCountryCallingCode(home);
    let others = 0;
    fc.assert(
      fc.property(valid, (one) => {
        const mine = storedFormats(one, home);
        expect(mine).toContain(formatToStore(one, home));
        expect(new Set(mine).size).toBe(mine.length);
        // Everybody with whom these digits could be mixed up: read with any country code, or dialled at home.
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
      { numRuns: 300 },
    );
    // Without look-alikes the property would say nothing.
    expect(others).toBeGreaterThan(20);
  });
});

describe('the name of a field that a profile may fill', () => {
  it.each(['nickname', 'phone', 'email', 'avatarUrl', 'job_number', 'f_1a2b3c4d', 'x'])('may be %s', (name) => {
    expect(profileField(name)).toBe(name);
  });

  it.each(
    [
      ['id', 'ID', 'roles', 'Roles', 'password', 'passWord', 'username', 'user_name', 'resetToken', 'reset_token'],
      ['RESETTOKEN', 'createdById', 'departments', 'mainDepartmentId', 'usersAuthenticators', 'systemSettings'],
    ].flat(),
  )("is never %s, which is NocoBase's own", (name) => {
    expect(profileField(name)).toBeUndefined();
    expect(isNocoBasesOwn(name)).toBe(true);
  });

  it.each(['', ' ', '1a', '_a', '__proto__', 'a.b', 'roles.name', 'a b', 'a-b', 'a,b', 'ä', 'x'.repeat(64), 'a\n'])(
    'is never %j, which is no name',
    (name) => {
      expect(profileField(name)).toBeUndefined();
    },
  );
});

describe('a NocoBase filter', () => {
  const value = nonEmptyString('x');

  it('is the JSON that NocoBase reads', () => {
    const read = (filter: NocoBaseFilter): unknown => JSON.parse(filter.toQuery());
    expect(read(NocoBaseFilter.equals('uuid', value))).toEqual({ uuid: 'x' });
    expect(read(NocoBaseFilter.oneOf('phone', [value, nonEmptyString('y')]))).toEqual({ phone: { $in: ['x', 'y'] } });
    expect(read(NocoBaseFilter.and(NocoBaseFilter.equals('a', value), NocoBaseFilter.equals('b', value)))).toEqual({
      $and: [{ a: 'x' }, { b: 'x' }],
    });
    expect(read(NocoBaseFilter.or(NocoBaseFilter.equals('a', value)))).toEqual({ $or: [{ a: 'x' }] });
  });

  it('holds a value as text, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '' && text.isWellFormed());
        const filter = NocoBaseFilter.equals('uuid', nonEmptyString(text));
        expect(JSON.parse(filter.toQuery())).toEqual({ uuid: text });
      }),
    );
  });

  it.each(['', ' ', '\t\n', '\u00a0', '\u3000', '\ufeff'])('takes no empty value (%j)', (text) => {
    expect(() => nonEmptyString(text)).toThrow(TypeError);
  });

  it('that is empty does not compile', () => {
    // Only compiled, never called: `tsc` fails where one of these lines becomes correct.
    const wrong = (): unknown[] => [
      // @ts-expect-error the constructor is private
      new NocoBaseFilter({}),
      // @ts-expect-error no condition
      NocoBaseFilter.and(),
      // @ts-expect-error a single condition needs no `and`
      NocoBaseFilter.and(NocoBaseFilter.isTrue('a')),
      // @ts-expect-error no condition
      NocoBaseFilter.or(),
      // @ts-expect-error no value
      NocoBaseFilter.oneOf('phone', []),
      // @ts-expect-error a value that nobody looked at
      NocoBaseFilter.equals('uuid', ''),
      // @ts-expect-error a value that nobody looked at
      NocoBaseFilter.equals('uuid', String(1)),
      // @ts-expect-error a value that may be missing
      NocoBaseFilter.equals('uuid', undefined as NonEmptyString | undefined),
      // @ts-expect-error an object is no filter
      NocoBaseFilter.or({}),
    ];
    expect(wrong).toBeInstanceOf(Function);
  });
});

describe('the hand-off of a session', () => {
  const session = { token: 'aaa.b-b.c_c', authenticator: 'dingtalk' };
  const handOff = (options: Partial<NocoBaseClientOptions> = {}) =>
    new SessionHandOff({
      url: 'http://nocobase:13000',
      publicUrl: 'https://app.example.com',
      app: 'main',
      apiToken: 'key',
      jwtSecret: new Uint8Array(32),
      authenticator: 'dingtalk',
      handOff: 'query',
      timeoutMs: 1000,
      ...options,
    });

  it.each([
    ['/admin', 'https://app.example.com/admin?authenticator=dingtalk&token=aaa.b-b.c_c'],
    ['/admin?a=%20+&b#c?d', 'https://app.example.com/admin?a=%20+&b&authenticator=dingtalk&token=aaa.b-b.c_c#c?d'],
    ['/', 'https://app.example.com/?authenticator=dingtalk&token=aaa.b-b.c_c'],
  ])('by query adds to %s what NocoBase takes, before the fragment', (returnPath, location) => {
    expect(handOff().to(returnPath, session)).toEqual({ kind: 'redirect', location });
  });

  it('by query goes to the public address, below its base path', () => {
    expect(handOff({ publicUrl: 'https://app.example.com:8443/nocobase' }).to('/admin', session)).toEqual({
      kind: 'redirect',
      location: 'https://app.example.com:8443/nocobase/admin?authenticator=dingtalk&token=aaa.b-b.c_c',
    });
  });

  it('by query gives NocoBase exactly one token and one authenticator, read back as they are', () => {
    const odd = { token: 'a&token=b#c=d +%', authenticator: 'ding&talk' };
    const result = handOff().to('/admin?x=1', odd);
    const { searchParams, hash } = new URL(result.location);
    expect(searchParams.getAll('token')).toEqual([odd.token]);
    expect(searchParams.getAll('authenticator')).toEqual([odd.authenticator]);
    expect(hash).toBe('');
  });

  it('by page holds the token in no address, and sets what the web clients read', () => {
    const result = handOff({ handOff: 'page', publicUrl: 'https://app.example.com/nocobase' }).to(
      '/admin?a=1#b',
      session,
    );
    expect(result).toEqual({
      kind: 'page',
      location: 'https://app.example.com/nocobase/admin?a=1#b',
      session,
      storage: { NOCOBASE_TOKEN: session.token, NOCOBASE_AUTH: 'dingtalk', NOCOBASE_ROLE: null },
      former: {
        tokenKey: 'NOCOBASE_TOKEN',
        signOutUrl: 'https://app.example.com/nocobase/api/auth:signOut',
        app: 'main',
      },
    });
    expect(result.location).not.toContain(session.token);
  });
});

describe('the hand-off of a session in a sub-app', () => {
  const to = (returnPath: string, handOff: 'page' | 'query') =>
    new SessionHandOff({
      url: 'http://nocobase:13000',
      publicUrl: 'https://app.example.com/nocobase',
      app: 'branch',
      apiToken: 'key',
      jwtSecret: new Uint8Array(32),
      authenticator: 'dingtalk',
      handOff,
      timeoutMs: 1000,
    }).to(returnPath, { token: 'token', authenticator: 'dingtalk' });

  it.each([
    ['/admin', '/apps/branch/admin'],
    ['/v/admin?x=1#y', '/v/apps/branch/admin?x=1#y'],
    ['/', '/apps/branch/'],
    ['/apps/branch/admin', '/apps/branch/admin'],
    ['/v/apps/branch/admin', '/v/apps/branch/admin'],
    ['/apps/branches', '/apps/branch/apps/branches'],
    ['/vacation', '/apps/branch/vacation'],
  ])('leads %s to %s', (returnPath, expected) => {
    expect(to(returnPath, 'page').location).toBe(`https://app.example.com/nocobase${expected}`);
    const { origin, pathname, hash, searchParams } = new URL(to(returnPath, 'query').location);
    searchParams.delete('token');
    searchParams.delete('authenticator');
    const search = searchParams.size === 0 ? '' : `?${searchParams.toString()}`;
    expect(origin + pathname + search + hash).toBe(`https://app.example.com/nocobase${expected}`);
  });

  it("writes the sub-app's own storage keys", () => {
    expect(to('/admin', 'page')).toMatchObject({
      storage: { NOCOBASE_BRANCH_TOKEN: 'token', NOCOBASE_BRANCH_AUTH: 'dingtalk', NOCOBASE_BRANCH_ROLE: null },
    });
  });
});

describe('the NocoBase settings', () => {
  const GIVEN: Environment = {
    PUBLIC_URL: 'https://sso.example.com',
    NOCOBASE_URL: 'http://nocobase:13000',
    NOCOBASE_API_TOKEN: 'api-token',
    NOCOBASE_JWT_SECRET: 'app-key',
  };
  const folder = mkdtempSync(join(tmpdir(), 'nocobase-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const problems = (environment: Environment): readonly string[] => {
    try {
      readNocoBaseOptions(environment);
      return [];
    } catch (error) {
      return (error as InvalidEnvironmentError).problems;
    }
  };

  it('need three variables and have a default for the others', () => {
    expect(readNocoBaseOptions(GIVEN)).toEqual({
      url: 'http://nocobase:13000',
      publicUrl: 'http://nocobase:13000',
      app: 'main',
      apiToken: 'api-token',
      jwtSecret: Buffer.from('app-key'),
      authenticator: 'dingtalk',
      handOff: 'query',
      defaultRegion: 'CN',
      timeoutMs: 5000,
    });
    expect(
      problems({})
        .map((line) => line.replace(/ .*/, ''))
        .toSorted(),
    ).toEqual(['NOCOBASE_API_TOKEN', 'NOCOBASE_JWT_SECRET', 'NOCOBASE_URL']);
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com/sso', 'page'],
    ['https://app.example.com/nocobase', 'https://app.example.com:443', 'page'],
    ['https://app.example.com', 'https://sso.example.com', 'query'],
    ['https://app.example.com', 'https://app.example.com:8443', 'query'],
    ['http://app.example.com', 'https://app.example.com', 'query'],
  ])('choose for NocoBase at %s and the gateway at %s: %s', (NOCOBASE_PUBLIC_URL, PUBLIC_URL, expected) => {
    const environment = { ...GIVEN, NOCOBASE_PUBLIC_URL, PUBLIC_URL };
    expect(readNocoBaseOptions(environment).handOff).toBe(expected);
    expect(readNocoBaseOptions({ ...environment, NOCOBASE_HANDOFF: 'query' }).handOff).toBe('query');
    expect(readNocoBaseOptions({ ...environment, NOCOBASE_HANDOFF: 'page' }).handOff).toBe('page');
  });

  it('take 32 bytes of a file as they are, and any other file as text', () => {
    const file = join(folder, 'jwt_secret.dat');
    const read = (content: Buffer | string): Uint8Array => {
      writeFileSync(file, content);
      const { NOCOBASE_JWT_SECRET: _, ...others } = GIVEN;
      return readNocoBaseOptions({ ...others, NOCOBASE_JWT_SECRET_FILE: file }).jwtSecret;
    };
    const raw = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37) % 256)).fill(0x0a, 31);
    expect(Buffer.from(read(raw)).equals(raw)).toBe(true);
    expect(Buffer.from(read('app-key\n')).toString()).toBe('app-key');
    expect(Buffer.from(read('app-key\r\n')).toString()).toBe('app-key');
    expect(Buffer.from(read('app-key\n\n')).toString()).toBe('app-key\n');
    expect(Buffer.from(read(`${'k'.repeat(31)}\n`)).toString()).toBe('k'.repeat(31));
    expect(Buffer.from(read(`${'k'.repeat(30)}\r\n`)).toString()).toBe('k'.repeat(30));
  });

  it.each([
    ['NOCOBASE_URL', 'nocobase:13000'],
    ['NOCOBASE_URL', 'http://user:pw@nocobase:13000'],
    ['NOCOBASE_PUBLIC_URL', 'https://app.example.com/?x=1'],
    ['NOCOBASE_PUBLIC_URL', 'https://app.example.com/#x'],
    ['NOCOBASE_AUTHENTICATOR', 'ding/talk'],
    ['NOCOBASE_AUTHENTICATOR', 'ding.talk'],
    ['NOCOBASE_AUTHENTICATOR', 'd'.repeat(65)],
    ['NOCOBASE_APP', 'a b'],
    ['NOCOBASE_HANDOFF', 'Page'],
    ['NOCOBASE_DEFAULT_REGION', 'cn'],
    ['NOCOBASE_DEFAULT_REGION', 'XX'],
    ['NOCOBASE_DEFAULT_REGION', 'China'],
    ['NOCOBASE_DEFAULT_REGION', 'toString'],
    ['NOCOBASE_TIMEOUT_MS', '9'],
    ['NOCOBASE_TIMEOUT_MS', '60001'],
    ['NOCOBASE_TIMEOUT_MS', '5s'],
  ])('refuse %s=%s in one line that names it', (name, value) => {
    const lines = problems({ ...GIVEN, [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} `));
    expect(lines[0]).not.toContain(value);
  });
});
