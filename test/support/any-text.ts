import * as fc from 'fast-check';

const CODE_POINT = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));

/**
 * Well-formed text of any characters, and the names that fast-check knows to be dangerous. fast-check's own unit `binary` builds a
 * table of all 1.1 million code points first, which takes a second in each suite.
 */
export function anyText(length: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  const characters = fc.array(CODE_POINT, length).map((points) => String.fromCodePoint(...points));
  return fc.oneof({ arbitrary: characters, weight: 4 }, { arbitrary: fc.string(length), weight: 1 });
}
