import { randomBytes } from './random.js';

const SIZES = [12, 16, 32, 1000];

describe('Random bytes', () => {
  it('are of the requested size, never twice the same, and never the empty pool', () => {
    const drawn = Array.from({ length: 1000 }, (_, index) => randomBytes(SIZES[index % SIZES.length]!));
    expect(drawn.map(({ length }) => length)).toEqual(drawn.map((_, index) => SIZES[index % SIZES.length]));
    expect(new Set(drawn.map((bytes) => bytes.toString('hex').slice(0, 24))).size).toBe(drawn.length);
    expect(drawn.filter((bytes) => bytes.includes(Buffer.alloc(8)))).toEqual([]);
  });

  it('are the caller’s alone: no later draw changes them', () => {
    const first = randomBytes(32);
    const copy = Buffer.from(first);
    for (let draw = 0; draw < 500; draw += 1) randomBytes(32);
    expect(first.equals(copy)).toBe(true);
    first.fill(0);
    expect(randomBytes(32).equals(first)).toBe(false);
  });

  it('are all set: each bit is one in about half of the draws', () => {
    const draws = 2000;
    const ones = Array.from({ length: 96 }, () => 0);
    for (let draw = 0; draw < draws; draw += 1) {
      const bytes = randomBytes(12);
      for (let bit = 0; bit < 96; bit += 1) ones[bit]! += (bytes[bit >> 3]! >> (bit & 7)) & 1;
    }
    // Eight standard deviations.
    expect(ones.filter((count) => Math.abs(count - draws / 2) > 4 * Math.sqrt(draws))).toEqual([]);
  });

  it('refuses more than the pool holds', () => {
    expect(() => randomBytes(4097)).toThrow(RangeError);
    expect(randomBytes(4096)).toHaveLength(4096);
  });
});
