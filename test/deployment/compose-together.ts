import { parse } from 'yaml';
import { z } from 'zod';

const tree = z.record(z.string(), z.unknown());
type Tree = z.infer<typeof tree>;

/** Merges Compose files as Compose does: mappings are merged, lists are appended, a command is replaced. */
export function together(...texts: readonly string[]): Tree {
  return texts.map((text) => tree.parse(parse(text, { merge: true }))).reduce(merged);
}

function merged(one: Tree, other: Tree): Tree {
  const both = Object.entries(other).map(([key, value]): [string, unknown] => {
    const before = one[key];
    if (Array.isArray(before) && Array.isArray(value) && key !== 'command') return [key, [...before, ...value]];
    const [below, above] = [tree.safeParse(before), tree.safeParse(value)];
    return [key, below.success && above.success ? merged(below.data, above.data) : value];
  });
  return { ...one, ...Object.fromEntries(both) };
}
