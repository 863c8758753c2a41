import * as fc from 'fast-check';
import { brake } from './brake.js';
import { conclude, isNews, isUnlockedByReturn, type LeaverFacts } from './conclusion.js';

const LEAVER: LeaverFacts = {
  isBound: true,
  lock: 'none',
  askedAt: 2000,
  seenAt: 1999,
  othersHaveLeft: [],
  isProtected: false,
  mode: 'lock',
  counts: { bound: 100, lockedLately: 0, waiting: 0 },
};

describe('The conclusion about a person who has left', () => {
  it.each<[string, Partial<LeaverFacts>]>([
    ['locked', {}],
    ['locked', { othersHaveLeft: [true, true] }],
    ['gone', { isBound: false }],
    ['gone', { seenAt: 2000 }],
    ['gone', { seenAt: 2001 }],
    ['already_locked', { lock: 'ours' }],
    ['already_locked', { lock: 'by_hand' }],
    ['elsewhere', { othersHaveLeft: [true, false] }],
    ['elsewhere', { othersHaveLeft: [false], isProtected: true }],
    ['protected', { isProtected: true }],
    ['protected', { isProtected: true, mode: 'report' }],
    ['reported', { mode: 'report' }],
    ['reported', { mode: 'report', counts: { bound: 100, lockedLately: 0, waiting: 90 } }],
    ['reported', { mode: 'off' }],
    ['paused', { counts: { bound: 100, lockedLately: 10, waiting: 0 } }],
    ['refused', { counts: { bound: 100, lockedLately: 50, waiting: 0 } }],
  ])('%s: %j', (conclusion, facts) => {
    expect(conclude({ ...LEAVER, ...facts })).toBe(conclusion);
  });

  it('locks only a person for whom no exception applies', () => {
    const facts = fc.record({
      isBound: fc.boolean(),
      lock: fc.constantFrom('none' as const, 'ours' as const, 'by_hand' as const),
      askedAt: fc.nat(9),
      seenAt: fc.nat(9),
      othersHaveLeft: fc.array(fc.boolean(), { maxLength: 3 }),
      isProtected: fc.boolean(),
      mode: fc.constantFrom('off' as const, 'report' as const, 'lock' as const),
      counts: fc.record({ bound: fc.nat(300), lockedLately: fc.nat(20), waiting: fc.nat(3) }),
    });
    fc.assert(
      fc.property(facts, (known) => {
        const { isBound, lock, askedAt, seenAt, othersHaveLeft, isProtected, mode, counts } = known;
        const speaksForThem =
          !isBound || lock !== 'none' || seenAt >= askedAt || othersHaveLeft.includes(false) || isProtected;
        const isLocked = !speaksForThem && mode === 'lock' && brake(counts) === 'go';
        expect(conclude(known) === 'locked').toBe(isLocked);
      }),
      { numRuns: 2000 },
    );
  });
});

it('A person shown before they left is not back', () => {
  expect([isNews(1, undefined), isNews(2, 2), isNews(3, 2), isNews(1, 2)]).toEqual([true, true, true, false]);
});

it('Only our own locks end with a return', () => {
  expect((['none', 'ours', 'by_hand'] as const).filter(isUnlockedByReturn)).toEqual(['ours']);
});
