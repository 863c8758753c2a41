import * as fc from 'fast-check';
import { brake } from './brake.js';

describe('The brake', () => {
  it.each([
    { bound: 1, lockedLately: 0, waiting: 0, says: 'go' },
    { bound: 3, lockedLately: 2, waiting: 0, says: 'go' },
    { bound: 50, lockedLately: 9, waiting: 0, says: 'go' },
    { bound: 50, lockedLately: 10, waiting: 0, says: 'pause' },
    { bound: 1000, lockedLately: 49, waiting: 0, says: 'go' },
    { bound: 1000, lockedLately: 50, waiting: 0, says: 'pause' },
    { bound: 1000, lockedLately: 400, waiting: 99, says: 'pause' },
    { bound: 1000, lockedLately: 400, waiting: 100, says: 'refuse' },
    { bound: 20, lockedLately: 10, waiting: 0, says: 'refuse' },
    { bound: 15, lockedLately: 10, waiting: 0, says: 'refuse' },
  ])('of $bound, $lockedLately locked and $waiting waiting: $says', ({ says, ...counts }) => {
    expect(brake(counts)).toBe(says);
  });

  it('holds everyone while a person waits for an administrator', () => {
    expect(brake({ bound: 1000, lockedLately: 0, waiting: 1 })).toBe('pause');
  });

  it('keeps holding a person after the hour, although nobody else waits, until an administrator approves', () => {
    const alone = { bound: 14, lockedLately: 0, waiting: 0 };
    expect(brake(alone)).toBe('go');
    expect(brake({ ...alone, isHeld: true })).toBe('pause');
    expect(brake({ ...alone, isHeld: true, isApproved: true })).toBe('go');
  });

  it('releases people whom an administrator approved, up to one half', () => {
    const approved = { bound: 1000, waiting: 0, isApproved: true };
    expect(brake({ ...approved, lockedLately: 499 })).toBe('go');
    expect(brake({ ...approved, lockedLately: 500 })).toBe('refuse');
  });

  it('never lets a series of locks exceed ten or a twentieth, whichever is larger, on any number of nights', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 600 }), (bound, leavers) => {
        const locked = new Set<number>();
        const held = new Set<number>();
        for (let night = 0; night < 3; night++) {
          let lockedLately = 0;
          for (let person = 0; person < leavers; person++) {
            if (locked.has(person)) continue;
            const isHeld = held.has(person);
            if (brake({ bound, lockedLately, waiting: held.size - Number(isHeld), isHeld }) !== 'go') held.add(person);
            else lockedLately = locked.add(person).size;
          }
        }
        expect(locked.size).toBe(Math.min(leavers, Math.max(10, Math.floor(bound / 20))));
      }),
    );
  });
});
