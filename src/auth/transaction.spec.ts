import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GatewayError } from '../core/errors/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import { InProcessOneTimeStore } from '../shared-store/index.js';
import { OneTimeStore, StoreUnavailableError } from '../core/sign-in/index.js';
import type { AuthOptions } from './auth.options.js';
import { InvalidStateError } from '../core/sign-in/index.js';
import { ReturnPaths } from './return-paths.js';
import { type SignInTransaction, STATE_PATTERN } from '../core/sign-in/index.js';
import { SignInTransactionService } from './sign-in-transaction.service.js';
import { TransactionSeal } from '../core/sign-in/transaction-seal.js';

const [OLD_SECRET, NEW_SECRET] = ['old-'.repeat(8), 'new-'.repeat(8)];
const OPTIONS: AuthOptions = {
  publicUrl: 'https://sso.example.com',
  cookieSecrets: [NEW_SECRET],
  transactionTtlSeconds: 600,
  defaultPath: '/admin',
  nocobasePublicUrl: 'https://app.example.com',
  policy: { allowedOrganizations: [], protectedRoles: [], autoSignUp: false, defaultRoles: [] },
};

/** Keeps cookies like a browser: by name, oldest first, removed with Max-Age=0. */
class Browser {
  private readonly jar = new Map<string, string>();

  take(setCookies: readonly string[]): this {
    for (const line of setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (/; Max-Age=0(;|$)/.test(line)) this.jar.delete(name!);
      else this.jar.set(name!, value!);
    }
    return this;
  }

  get header(): string | undefined {
    return this.jar.size === 0 ? undefined : [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get names(): string[] {
    return [...this.jar.keys()];
  }

  get values(): string[] {
    return [...this.jar.values()];
  }
}

const path = new ReturnPaths(OPTIONS).checked;

function service(options: Partial<AuthOptions> = {}, store: OneTimeStore = new InProcessOneTimeStore()) {
  return new SignInTransactionService(store, { ...OPTIONS, ...options }, new ReturnPaths(OPTIONS));
}

async function refusal(attempt: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidStateError);
  return error as GatewayError;
}

afterEach(() => jest.useRealTimers());

describe('the seal', () => {
  const transaction: SignInTransaction = {
    state: 's'.repeat(43),
    authenticator: 'dingtalk',
    returnPath: '/admin/x?y=1#z' as ReturnPath,
    flow: 'browser',
  };

  it('opens what it sealed, and reveals nothing of it', async () => {
    const seal = new TransactionSeal([NEW_SECRET]);
    const text = await seal.seal(transaction, 600);
    await expect(seal.open(text)).resolves.toEqual(transaction);
    const visible = text.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const word of ['sss', 'dingtalk', '/admin']) expect(visible.join()).not.toContain(word);
    expect(await seal.seal(transaction, 600)).not.toBe(text);
  });

  it('opens what an older secret sealed while that is listed, and seals with the first', async () => {
    const before = await new TransactionSeal([OLD_SECRET]).seal(transaction, 600);
    const rotated = new TransactionSeal([NEW_SECRET, OLD_SECRET]);
    const after = await rotated.seal(transaction, 600);

    await expect(rotated.open(before)).resolves.toEqual(transaction);
    await expect(new TransactionSeal([NEW_SECRET]).open(after)).resolves.toEqual(transaction);
    await expect(new TransactionSeal([OLD_SECRET]).open(after)).resolves.toBeUndefined();
    await expect(new TransactionSeal([NEW_SECRET]).open(before)).resolves.toBeUndefined();
  });

  it('opens nothing in which a single character was changed', async () => {
    const seal = new TransactionSeal([NEW_SECRET]);
    const text = await seal.seal(transaction, 600);
    const [header, key, iv, ciphertext, tag] = text.split('.') as [string, string, string, string, string];
    expect(key).toBe('');
    // The last character of a part may contain unused bits, so the first of each is changed.
    const swap = (part: string): string => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
    for (const changed of [
      [swap(header), key, iv, ciphertext, tag],
      [header, key, swap(iv), ciphertext, tag],
      [header, key, iv, swap(ciphertext), tag],
      [header, key, iv, ciphertext, swap(tag)],
      [header, key, iv, ciphertext, tag.slice(0, 12)],
      [header, key, iv, ciphertext, ''],
      [header, 'AAAA', iv, ciphertext, tag],
    ]) {
      await expect(seal.open(changed.join('.'))).resolves.toBeUndefined();
    }
  });

  it.each(['', '.', '....', 'x', 'a.b.c', 'a.b.c.d.e', '\u0000', 'x'.repeat(100_000)])(
    'opens no garbage (%#)',
    async (text) => {
      await expect(new TransactionSeal([NEW_SECRET]).open(text)).resolves.toBeUndefined();
    },
  );

  it('opens what version 0.1 sealed, but nothing with another encryption or without an expiry', async () => {
    const { EncryptJWT, UnsecuredJWT, SignJWT } = await import('jose');
    const { createHash, hkdfSync } = await import('node:crypto');
    const key = new Uint8Array(hkdfSync('sha256', NEW_SECRET, '', 'sign-in transaction cookie', 32));
    const kid = createHash('sha256').update(key).digest('base64url').slice(0, 8);
    const seal = new TransactionSeal([NEW_SECRET]);
    const end = Math.floor(Date.now() / 1000) + 600;
    const jwe = (claims: object, header: object = {}) =>
      new EncryptJWT({ ...claims }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, ...header }).encrypt(key);

    // The control: the same code does produce one that opens.
    await expect(seal.open(await jwe({ ...transaction, exp: end }))).resolves.toEqual(transaction);
    const refused = [
      await jwe(transaction),
      await jwe({ ...transaction, exp: end, state: 'short' }),
      await jwe({ ...transaction, exp: end, returnPath: 'https://evil.example' }),
      await jwe({ ...transaction, exp: end, authenticator: 7 }),
      await jwe({ exp: end }),
      await jwe({ ...transaction, exp: end }, { enc: 'A128CBC-HS256' }),
      await jwe({ ...transaction, exp: end }, { kid: undefined }),
      await jwe({ ...transaction, exp: end }, { kid: 'unknown' }),
      new UnsecuredJWT({ ...transaction, exp: end }).encode(),
      await new SignJWT({ ...transaction, exp: end }).setProtectedHeader({ alg: 'HS256', kid }).sign(key),
    ];
    for (const text of refused) await expect(seal.open(text)).resolves.toBeUndefined();
  });

  it('is a JWE that others can open, including version 0.1', async () => {
    const { jwtDecrypt } = await import('jose');
    const { hkdfSync } = await import('node:crypto');
    const key = new Uint8Array(hkdfSync('sha256', NEW_SECRET, '', 'sign-in transaction cookie', 32));
    const text = await new TransactionSeal([NEW_SECRET]).seal(transaction, 600);
    const { payload, protectedHeader } = await jwtDecrypt(text, key, { requiredClaims: ['exp'] });
    expect(payload).toEqual({ ...transaction, exp: expect.any(Number) });
    expect(protectedHeader).toMatchObject({ alg: 'dir', enc: 'A256GCM' });
  });

  it('opens what the next version seals, so that both can run side by side', async () => {
    const { deriveKey, seal: sealed } = await import('../core/sealed/index.js');
    const text = JSON.stringify({ ...transaction, exp: Math.floor(Date.now() / 1000) + 600 });
    const [key, stranger] = [NEW_SECRET, OLD_SECRET].map((secret) => deriveKey(secret, 'sign-in transaction cookie'));
    const seal = new TransactionSeal([NEW_SECRET]);
    await expect(seal.open(sealed(key!, text))).resolves.toEqual(transaction);
    await expect(seal.open(sealed(stranger!, text))).resolves.toBeUndefined();
  });

  it('expires by the server’s clock', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const seal = new TransactionSeal([NEW_SECRET]);
    const text = await seal.seal(transaction, 600);
    jest.setSystemTime(1_800_000_599_000);
    await expect(seal.open(text)).resolves.toEqual(transaction);
    jest.setSystemTime(1_800_000_600_000);
    await expect(seal.open(text)).resolves.toBeUndefined();
  });
});

describe('the transaction cookie', () => {
  it('is a __Host- cookie on https: Secure, HttpOnly, SameSite=Lax, Path=/, no Domain', async () => {
    const { setCookies } = await service().open('dingtalk', path('/admin/x'), undefined);
    expect(setCookies).toHaveLength(1);
    const [pair, ...attributes] = setCookies[0]!.split('; ');
    expect(pair).toMatch(/^__Host-sign-in-[\w-]{16}=[\w.-]+$/);
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it('is a plain cookie on http, which only a loopback address may use', async () => {
    const { setCookies } = await service({ publicUrl: 'http://localhost:3000/sso' }).open(
      'dingtalk',
      path('/'),
      undefined,
    );
    const [pair, ...attributes] = setCookies[0]!.split('; ');
    expect(pair).toMatch(/^sign-in-[\w-]{16}=[\w.-]+$/);
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax']);
  });

  it('is cleared with the same name and attributes', async () => {
    const transactions = service();
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/'), undefined);
    const browser = new Browser().take(setCookies);
    const ending = transactions.clearCookie(transaction.state);
    expect(ending).toMatch(/^__Host-sign-in-[\w-]{16}=; /);
    expect(ending.split('; ').slice(1).toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=0',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
    expect(browser.take([ending]).header).toBeUndefined();
  });

  it('does not contain the state in readable form', async () => {
    const { transaction, setCookies } = await service().open('dingtalk', path('/admin'), undefined);
    expect(transaction.state).toMatch(STATE_PATTERN);
    expect(setCookies.join()).not.toContain(transaction.state.slice(0, 16));
  });

  it('allows four concurrent sign-ins in one browser, drops older ones, and leaves other cookies alone', async () => {
    const transactions = service();
    const browser = new Browser().take(['other=1', '__Host-sign-out=2']);
    const opened = [];
    for (let tab = 0; tab < 7; tab += 1) {
      const { transaction, setCookies } = await transactions.open('dingtalk', path(`/tab/${tab}`), browser.header);
      browser.take(setCookies);
      opened.push(transaction);
      expect(browser.names.filter((name) => name.startsWith('__Host-sign-in-')).length).toBeLessThanOrEqual(4);
    }
    expect(browser.names).toEqual(expect.arrayContaining(['other', '__Host-sign-out']));
    for (const [tab, transaction] of opened.entries()) {
      const attempt = transactions.consume('dingtalk', transaction.state, browser.header);
      if (tab < 3) await refusal(attempt);
      else await expect(attempt).resolves.toEqual(transaction);
    }
  });

  // An invalid name of a surplus cookie would be written into `Set-Cookie`, which throws: HTTP 500 for its sender.
  for (const name of ['__Host-sign-in-\u00e9', '__Host-sign-in-a b', '__Host-sign-in-\u007f']) {
    it(`is also set in a browser with a cookie named ${JSON.stringify(name)}`, async () => {
      const header = [`${name}=x`, ...['a', 'b', 'c'].map((letter) => `__Host-sign-in-${letter.repeat(16)}=x`)].join(
        '; ',
      );
      const { setCookies } = await service().open('dingtalk', path('/'), header);
      expect(setCookies[0]).toMatch(/^__Host-sign-in-[\w-]{16}=/);
    });
  }

  it('brings a browser with too many cookies back below the limit', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `__Host-sign-in-${String(index).padStart(16, 'x')}`);
    const { setCookies } = await service().open('dingtalk', path('/'), names.map((name) => `${name}=x`).join('; '));
    expect(setCookies).toHaveLength(18);
    expect(setCookies.slice(1).every((line, index) => line.startsWith(`${names[index]}=; Max-Age=0`))).toBe(true);
  });
});

describe('a sign-in transaction', () => {
  it('is returned once to the browser that opened it, with the checked return path', async () => {
    const transactions = service();
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/admin/x?token=t&y=1#z'), undefined);
    expect(transaction).toEqual({
      state: expect.stringMatching(STATE_PATTERN),
      authenticator: 'dingtalk',
      flow: 'browser',
      returnPath: '/admin/x?y=1#z',
    });
    const { header } = new Browser().take(setCookies);

    await expect(transactions.consume('dingtalk', transaction.state, header)).resolves.toEqual(transaction);
    await refusal(transactions.consume('dingtalk', transaction.state, header));
    // Its return path: "try again" on the error page keeps it.
    const held = await transactions.hold('dingtalk', transaction.state, header);
    expect(held.transaction.returnPath).toBe('/admin/x?y=1#z');
  });

  it.each([undefined, '//evil.example', ['/admin/x'], '/signin', 'https://evil.example'])(
    'leads to the default path if %p was requested',
    async (wanted) => {
      const { transaction } = await service().open('dingtalk', path(wanted), undefined);
      expect(transaction.returnPath).toBe('/admin');
    },
  );

  it('has a different state every time', async () => {
    const transactions = service();
    const opened = await Promise.all(
      Array.from({ length: 200 }, () => transactions.open('dingtalk', path('/'), undefined)),
    );
    expect(new Set(opened.map(({ transaction }) => transaction.state)).size).toBe(200);
  });

  it('is used only once, even by twenty simultaneous responses', async () => {
    const transactions = service();
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/'), undefined);
    const { header } = new Browser().take(setCookies);
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () => transactions.consume('dingtalk', transaction.state, header)),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(InvalidStateError);
    }
  });

  it('is used only once across replicas that share a store, and stays used until it expires', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const store = new InProcessOneTimeStore();
    const [here, there] = [service({}, store), service({}, store)];
    const { transaction, setCookies } = await here.open('dingtalk', path('/'), undefined);
    const { header } = new Browser().take(setCookies);
    await here.consume('dingtalk', transaction.state, header);
    for (const seconds of [0, 300, 599, 600, 660, 10_000]) {
      jest.setSystemTime(1_800_000_000_000 + seconds * 1000);
      await expect(there.consume('dingtalk', transaction.state, header)).rejects.toBeInstanceOf(InvalidStateError);
    }
  });

  it('expires, whatever the browser still sends', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const transactions = service({ transactionTtlSeconds: 30 });
    const [early, late] = [
      await transactions.open('dingtalk', path('/'), undefined),
      await transactions.open('dingtalk', path('/'), undefined),
    ];
    jest.setSystemTime(1_800_000_029_000);
    await expect(
      transactions.consume('dingtalk', early.transaction.state, new Browser().take(early.setCookies).header),
    ).resolves.toEqual(early.transaction);
    jest.setSystemTime(1_800_000_031_000);
    await refusal(transactions.consume('dingtalk', late.transaction.state, new Browser().take(late.setCookies).header));
  });

  it('is not spoiled by a response in another browser, with or without cookies of its own', async () => {
    const transactions = service();
    const mine = await transactions.open('dingtalk', path('/mine'), undefined);
    const theirs = await transactions.open('dingtalk', path('/theirs'), undefined);
    const [owner, stranger] = [new Browser().take(mine.setCookies), new Browser().take(theirs.setCookies)];

    await refusal(transactions.consume('dingtalk', mine.transaction.state, undefined));
    await refusal(transactions.consume('dingtalk', mine.transaction.state, ''));
    await refusal(transactions.consume('dingtalk', mine.transaction.state, stranger.header));
    await expect(transactions.consume('dingtalk', mine.transaction.state, owner.header)).resolves.toEqual(
      mine.transaction,
    );
    await expect(transactions.consume('dingtalk', theirs.transaction.state, stranger.header)).resolves.toEqual(
      theirs.transaction,
    );
  });

  it('is not taken from inside the value of another cookie, which a neighbour under the same domain may set', async () => {
    const stranger = await service().open('dingtalk', undefined, undefined);
    const planted = stranger.setCookies[0]!.split(';')[0]!;
    for (const header of [`theme=dark ${planted}`, `theme=dark\t${planted}`, `a=b; theme=dark ${planted}; c=d`]) {
      await refusal(service().consume('dingtalk', stranger.transaction.state, header));
      // Nor is it counted as a running one.
      const [, ...ended] = (await service().open('dingtalk', undefined, `${header} `.repeat(9))).setCookies;
      expect(ended).toEqual([]);
    }
    const { state } = stranger.transaction;
    expect((await service().consume('dingtalk', state, `theme=dark;${planted}`)).state).toBe(state);
  });

  it('is refused under the name of another one: state and sealed state must be equal', async () => {
    const transactions = service();
    const one = new Browser().take((await transactions.open('dingtalk', path('/one'), undefined)).setCookies);
    const other = await transactions.open('dingtalk', path('/other'), undefined);
    const [otherName] = new Browser().take(other.setCookies).names;

    await refusal(transactions.consume('dingtalk', other.transaction.state, `${otherName}=${one.values[0]}`));
    await expect(
      transactions.consume('dingtalk', other.transaction.state, new Browser().take(other.setCookies).header),
    ).resolves.toEqual(other.transaction);
  });

  it.each(['', 'undefined', 'null', 'x', '__proto__', 'constructor', 'A'.repeat(43), 'A'.repeat(10_000)])(
    'never matches the state %j, without a cookie or with empty ones',
    async (state) => {
      const transactions = service();
      const { setCookies } = await transactions.open('dingtalk', path('/'), undefined);
      const [emptyName] = new Browser().take([transactions.clearCookie(state).replace('Max-Age=0', 'Max-Age=9')]).names;
      const headers = [
        undefined,
        '',
        ';',
        new Browser().take(setCookies).header,
        `${emptyName}=`,
        `${emptyName}=undefined`,
      ];
      for (const header of headers) {
        await expect(transactions.consume('dingtalk', state, header)).rejects.toBeInstanceOf(InvalidStateError);
      }
    },
  );

  it('is valid for its own authenticator, and not used up by another one', async () => {
    const transactions = service();
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/'), undefined);
    const { header } = new Browser().take(setCookies);
    for (const other of ['dingtalk-branch', 'dingtal', 'DingTalk', '']) {
      await refusal(transactions.consume(other, transaction.state, header));
    }
    await expect(transactions.consume('dingtalk', transaction.state, header)).resolves.toEqual(transaction);
  });

  it('is refused after its cookie was changed', async () => {
    const transactions = service();
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/'), undefined);
    const browser = new Browser().take(setCookies);
    const [name, value] = [browser.names[0]!, browser.values[0]!];
    for (const changed of ['', 'x', value.slice(0, -6), value.slice(1), `${value}AAAA`, value.toLowerCase()]) {
      await refusal(transactions.consume('dingtalk', transaction.state, `${name}=${changed}`));
    }
    await expect(transactions.consume('dingtalk', transaction.state, `${name}=${value}`)).resolves.toEqual(transaction);
  });

  it('survives a rotation of the secret, but not its removal', async () => {
    const store = new InProcessOneTimeStore();
    const { transaction, setCookies } = await service({ cookieSecrets: [OLD_SECRET] }, store).open(
      'dingtalk',
      path('/'),
      undefined,
    );
    const { header } = new Browser().take(setCookies);
    await refusal(service({ cookieSecrets: [NEW_SECRET] }, store).consume('dingtalk', transaction.state, header));
    await expect(
      service({ cookieSecrets: [NEW_SECRET, OLD_SECRET] }, store).consume('dingtalk', transaction.state, header),
    ).resolves.toEqual(transaction);
  });

  it('is refused while the store cannot tell', async () => {
    class SilentStore extends OneTimeStore {
      override async useUp(): Promise<boolean> {
        await nextTurn();
        throw new StoreUnavailableError('down');
      }
      override async check(): Promise<void> {}
    }
    const transactions = service({}, new SilentStore());
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/'), undefined);
    await expect(
      transactions.consume('dingtalk', transaction.state, new Browser().take(setCookies).header),
    ).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('gives the store no state that could be read back from it', async () => {
    const keys: string[] = [];
    class ListeningStore extends InProcessOneTimeStore {
      override async useUp(key: string, ttlSeconds: number): Promise<boolean> {
        keys.push(key);
        // It must be remembered longer than the cookie can be opened.
        expect(ttlSeconds).toBeGreaterThan(600);
        return super.useUp(key, ttlSeconds);
      }
    }
    const transactions = service({}, new ListeningStore());
    const { transaction, setCookies } = await transactions.open('dingtalk', path('/'), undefined);
    await transactions.consume('dingtalk', transaction.state, new Browser().take(setCookies).header);
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toContain(transaction.state);
  });
});
