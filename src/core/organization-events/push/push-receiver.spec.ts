import * as fc from 'fast-check';
import { anyText } from '../../../../test/support/any-text.js';
import type { Noted, OrganizationEvent } from '../../leavers/index.js';
import { FakeMoments } from '../spec-support.js';
import { PushCipher } from './cipher.js';
import { type PushAnswer, type PushNotice, PushReceiver } from './push-receiver.js';
import { isSignedBy, signatureOf } from './signature.js';

/** https://github.com/open-dingtalk/DingTalk-Callback-Crypto */
const VECTORS = [
  {
    aesKey: '1234567890123456789012345678901234567890123',
    owner: 'dingsnotzck6pm5veliw',
    timestamp: '1614767836',
    nonce: 'A7Co0cJLMzIDtMMI',
    signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
    encrypt: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
    text: 'success',
  },
  {
    aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
    owner: 'suite4xxxxxxxxxxxxxxx',
    timestamp: '1445827045067',
    nonce: 'nEXhMP4r',
    signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0',
    encrypt:
      '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
    text: '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
  },
];
const TOKEN = '123456';

describe.each(VECTORS)('the vendor’s vector of $owner', ({ aesKey, owner, text, ...signed }) => {
  it('is signed and opened like the vendor’s', () => {
    expect(signatureOf(TOKEN, signed)).toBe(signed.signature);
    expect(isSignedBy(TOKEN, signed, signed.signature.toUpperCase())).toBe(true);
    expect(isSignedBy('other', signed, signed.signature)).toBe(false);
    expect(isSignedBy(TOKEN, signed, signed.signature.slice(1))).toBe(false);
    expect(new PushCipher(aesKey).open(signed.encrypt)).toEqual({ text, owner });
  });
});

it('encrypts so that it can decrypt, for any text', () => {
  const cipher = new PushCipher(VECTORS[0]!.aesKey);
  fc.assert(
    fc.property(anyText({ maxLength: 200 }), (text) => {
      const sealed = cipher.seal({ text, owner: 'dingapp' });
      expect(Buffer.from(sealed, 'base64').length % 32).toBe(0);
      expect(cipher.open(sealed)).toEqual({ text, owner: 'dingapp' });
    }),
  );
});

it('decrypts nothing else', () => {
  const cipher = new PushCipher(VECTORS[0]!.aesKey);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(cipher.open(Buffer.from(bytes).toString('base64'))).toBeUndefined();
    }),
    // The chance that padding and length happen to be valid is one in 2^30.
    { numRuns: 200 },
  );
  for (const text of ['', 'ä', '=', 'AAAA', '!!!!']) expect(cipher.open(text)).toBeUndefined();
  expect(() => new PushCipher('short')).toThrow('43');
});

class Case {
  readonly moments = new FakeMoments();
  readonly events: OrganizationEvent[] = [];
  readonly notices: PushNotice[] = [];
  noted: () => Promise<Noted> = async () => 'noted';
  readonly cipher = new PushCipher(VECTORS[0]!.aesKey);
  readonly receiver: PushReceiver;

  constructor() {
    const options = { token: TOKEN, aesKey: VECTORS[0]!.aesKey, owners: ['dingapp', 'dingcorp1'] };
    this.receiver = new PushReceiver(options, {
      listener: async (event) => {
        this.events.push(event);
        return this.noted();
      },
      notice: (notice) => this.notices.push(notice),
      moments: this.moments,
    });
  }

  request(content: unknown, { owner = 'dingapp', at = this.moments.now(), nonce = 'n0nce001', token = TOKEN } = {}) {
    const signed = {
      timestamp: String(at),
      nonce,
      encrypt: this.cipher.seal({ text: typeof content === 'string' ? content : JSON.stringify(content), owner }),
    };
    const signature = signatureOf(token, signed);
    return {
      query: { signature, msg_signature: signature, timestamp: signed.timestamp, nonce } as Record<string, unknown>,
      body: { encrypt: signed.encrypt } as unknown,
    };
  }

  /** The content of an acknowledgement; undefined if the response is none. */
  read({ status, body }: PushAnswer): { text: string; owner: string } | undefined {
    if (status !== 200) return undefined;
    const { msg_signature, timeStamp, nonce, encrypt } = body as Record<string, string>;
    const isSigned = isSignedBy(TOKEN, { timestamp: timeStamp!, nonce: nonce!, encrypt: encrypt! }, msg_signature!);
    return isSigned ? this.cipher.open(encrypt!) : undefined;
  }
}

const LEFT = {
  EventType: 'user_leave_org',
  EventTime: 1_790_000_000_123,
  CorpId: 'dingcorp1',
  eventId: 'e1',
  userId: ['a'],
};

it('passes on an event, and returns an encrypted success to its owner, with a new nonce', async () => {
  const one = new Case();
  for (const [index, owner] of ['dingapp', 'dingcorp1'].entries()) {
    const answer = await one.receiver.receive(
      one.request({ ...LEFT, eventId: `e${index}` }, { owner, nonce: `nonce${index}` }),
    );
    expect(one.read(answer)).toEqual({ text: 'success', owner });
    expect(answer.body).not.toMatchObject({ nonce: `nonce${index}` });
  }
  expect(one.events).toMatchObject([{ id: 'e0', kind: 'left' }, { id: 'e1' }]);
});

it.each([
  [{ EventType: 'check_url' }, 'success'],
  [{ EventType: 'check_create_suite_url', Random: 'LPIdSnlF', TestSuiteKey: 'x' }, 'LPIdSnlF'],
  [{ EventType: 'check_update_suite_url', Random: 'LPIdSnlF' }, 'LPIdSnlF'],
])('answers the check of the callback URL: %j', async (content, text) => {
  const one = new Case();
  expect(one.read(await one.receiver.receive(one.request(content)))).toEqual({ text, owner: 'dingapp' });
  expect(one.events).toEqual([]);
});

it('accepts one signature under either name, but not two different ones', async () => {
  const one = new Case();
  const both = one.request(LEFT);
  const without = (name: string, nonce: string) => {
    const request = one.request(LEFT, { nonce });
    return { ...request, query: Object.fromEntries(Object.entries(request.query).filter(([key]) => key !== name)) };
  };
  expect((await one.receiver.receive(without('signature', 'n1'))).status).toBe(200);
  expect((await one.receiver.receive(without('msg_signature', 'n2'))).status).toBe(200);
  expect((await one.receiver.receive({ ...both, query: { ...both.query, signature: '0'.repeat(40) } })).status).toBe(
    403,
  );
});

describe('refuses', () => {
  const MINUTE = 60_000;
  const cases: [string, PushNotice, (one: Case) => { query: unknown; body: unknown }][] = [
    ['another token', 'signature', (one) => one.request(LEFT, { token: '654321' })],
    ['another owner', 'other_owner', (one) => one.request(LEFT, { owner: 'dingother' })],
    ['an old delivery', 'stale', (one) => one.request(LEFT, { at: one.moments.now() - 5 * MINUTE - 1 })],
    ['a future one', 'stale', (one) => one.request(LEFT, { at: one.moments.now() + 5 * MINUTE + 1 })],
    ['a changed body', 'signature', (one) => ({ ...one.request(LEFT), body: { encrypt: 'AAAA' } })],
    ['a changed nonce', 'signature', (one) => changed(one.request(LEFT), 'nonce', 'other')],
    ['no body', 'malformed', (one) => ({ ...one.request(LEFT), body: undefined })],
    ['a body that is text', 'malformed', (one) => ({ ...one.request(LEFT), body: 'encrypt' })],
    ['a repeated parameter', 'malformed', (one) => changed(one.request(LEFT), 'nonce', ['a', 'b'])],
    ['no signature', 'malformed', (one) => ({ ...one.request(LEFT), query: {} })],
    ['an invalid time', 'malformed', (one) => changed(one.request(LEFT), 'timestamp', '1e12')],
  ];
  const changed = (request: { query: Record<string, unknown>; body: unknown }, name: string, value: unknown) => ({
    ...request,
    query: { ...request.query, [name]: value },
  });

  it.each(cases)('%s', async (_what, reason, make) => {
    const one = new Case();
    expect(await one.receiver.receive(make(one))).toEqual({ status: 403, body: { error: 'refused' } });
    expect(one.notices).toEqual([reason]);
    expect(one.events).toEqual([]);
  });

  it('a signed delivery that is encrypted with another key', async () => {
    const one = new Case();
    const encrypt = new PushCipher('4'.repeat(43)).seal({ text: JSON.stringify(LEFT), owner: 'dingapp' });
    const signed = { timestamp: String(one.moments.now()), nonce: 'n', encrypt };
    const query = { timestamp: signed.timestamp, nonce: 'n', signature: signatureOf(TOKEN, signed) };
    expect((await one.receiver.receive({ query, body: { encrypt } })).status).toBe(403);
    expect(one.notices).toEqual(['unreadable']);
  });

  it('the same delivery a second time, within its window and, by its time, after', async () => {
    const one = new Case();
    const request = one.request(LEFT);
    expect((await one.receiver.receive(request)).status).toBe(200);
    expect((await one.receiver.receive(request)).status).toBe(403);
    await one.moments.pass(5 * MINUTE);
    expect((await one.receiver.receive(request)).status).toBe(403);
    await one.moments.pass(10 * MINUTE);
    expect((await one.receiver.receive(request)).status).toBe(403);
    expect(one.notices).toEqual(['event', 'replayed', 'replayed', 'stale']);
    expect(one.events).toHaveLength(1);
  });

  it('the same delivery in another spelling: each would be remembered, until no room is left for genuine ones', async () => {
    const one = new Case();
    const { query, body } = one.request(LEFT);
    expect((await one.receiver.receive({ query, body })).status).toBe(200);
    const capitals = String(query['signature']).toUpperCase();
    await one.receiver.receive({ query: { ...query, signature: capitals, msg_signature: capitals }, body });
    expect(one.notices).toEqual(['event', 'replayed']);
  });
});

it('requests what was not noted again, and then accepts it unchanged', async () => {
  const one = new Case();
  const request = one.request(LEFT);
  for (const fail of [
    async (): Promise<Noted> => 'later',
    async (): Promise<Noted> => Promise.reject(new Error('down')),
  ]) {
    one.noted = fail;
    expect(await one.receiver.receive(request)).toEqual({ status: 503, body: { error: 'later' } });
  }
  one.noted = async () => 'noted';
  expect((await one.receiver.receive(request)).status).toBe(200);
});

it('responds in time', async () => {
  const one = new Case();
  one.noted = async () => new Promise(() => undefined);
  const answer = one.receiver.receive(one.request(LEFT));
  await one.moments.pass(2400);
  expect(await answer).toMatchObject({ status: 503 });
});

it('acknowledges what it cannot read: sending it again would not help', async () => {
  const one = new Case();
  for (const [index, text] of ['{', '[]', '{"userId":["a"]}', 'null'].entries()) {
    expect((await one.receiver.receive(one.request(text, { nonce: `n${index}` }))).status).toBe(200);
  }
  expect(one.events).toEqual([]);
  expect(new Set(one.notices)).toEqual(new Set(['unreadable_event']));
});

it('never fails, for any input', async () => {
  const one = new Case();
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.anything(), async (query, body) => {
      expect((await one.receiver.receive({ query, body })).status).toBe(403);
    }),
  );
});
