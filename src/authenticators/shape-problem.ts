import type { z } from 'zod';

/** In words of whoever writes a file, not of whoever reads its schema. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys and values',
};

/** Where in a value that is not as it should be, and what; never what stood there. */
export function shapeProblem(issue: z.core.$ZodIssue): string {
  const path = issue.path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`),
    '',
  );
  const what =
    issue.code === 'unrecognized_keys'
      ? `has unknown keys: ${issue.keys.join(', ')}`
      : issue.code === 'invalid_type' && KINDS[issue.expected] !== undefined
        ? `must be ${KINDS[issue.expected]}`
        : issue.message.replace(/^./, (first) => first.toLowerCase());
  return `${path.replace(/^\./, '') || 'the file'}: ${what}`;
}
