/** How many levels of a line are searched; ours have two. */
const MAX_DEPTH = 3;

/**
 * The same fields, with `[redacted]` for the values of these names, at any searched level.
 *
 * Not by pino's `redact`, which prepares thirty paths for each line: it took four fifths of the CPU time of a line, and
 * a line is a tenth of the cost of refusing a request (docs/performance.md).
 */
export function censored(
  fields: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
  depth = MAX_DEPTH,
): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(fields)) {
    const shown = names.has(name) && value !== undefined ? '[redacted]' : inside(value, names, depth);
    if (shown === value) continue;
    copy ??= { ...fields };
    copy[name] = shown;
  }
  return copy ?? fields;
}

function inside(value: unknown, names: ReadonlySet<string>, depth: number): unknown {
  if (value === null || typeof value !== 'object') return value;
  // Levels that are not searched are not logged either.
  if (depth === 0) return '[too deep]';
  if (!Array.isArray(value)) return censored(value as Record<string, unknown>, names, depth - 1);
  const items = value as readonly unknown[];
  const shown = items.map((item) => inside(item, names, depth - 1));
  return shown.some((item, index) => item !== items[index]) ? shown : items;
}
