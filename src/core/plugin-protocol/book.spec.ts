import { bookCall } from './book.js';

const person = { bindingId: '7', userId: 7, unionId: 'union-7', seenAt: 0, hasLeft: false, lock: 'none' };
const evidence = { code: 60121, userid: 'E7', askedAt: 100_000, witness: { userid: 'E2', askedAt: 40_000 } };
const left = (changes: object): boolean =>
  bookCall.safeParse({
    authenticator: 'ours',
    call: 'left',
    person,
    origin: 'night',
    evidence: { ...evidence, ...changes },
  }).success;

describe('What a gateway writes to the book', () => {
  it('is accepted as a leaving with DingTalk’s answers about the person and about a colleague within the minute', () => {
    expect([left({}), left({ code: 33012 })]).toEqual([true, true]);
  });

  it.each([
    ['no colleague', { witness: undefined }],
    ['a colleague shown in another minute', { witness: { userid: 'E2', askedAt: 39_999 } }],
    ['the person as their own colleague', { witness: { userid: 'E7', askedAt: 100_000 } }],
    ['the code for out of scope', { code: 50002 }],
    ['the code for success', { code: 0 }],
    ['the code for a missing permission', { code: 60011 }],
  ])('is refused as a leaving with %s', (_what, changes) => {
    expect(left(changes)).toBe(false);
  });
});
