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

  it('releases people whom an administrator approved, up to one half', () => {
    const approved = { bound: 1000, waiting: 0, isApproved: true };
    expect(brake({ ...approved, lockedLately: 499 })).toBe('go');
    expect(brake({ ...approved, lockedLately: 500 })).toBe('refuse');
  });

  it('never lets a series of locks exceed ten or a twentieth, whichever is larger', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 600 }), (bound, leavers) => {
        let [locked, waiting] = [0, 0];
        for (let person = 0; person < leavers; person++) {
          if (brake({ bound, lockedLately: locked, waiting }) === 'go') locked++;
          else waiting++;
        }
        expect(locked).toBe(Math.min(leavers, Math.max(10, Math.floor(bound / 20))));
      }),
    );
  });
});
