import type { z } from 'zod';

/** Where in a value that is not as it should be, and what; never what stood there. */
export function shapeProblem(issue: z.core.$ZodIssue): string {
  const path = issue.path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`),
    '',
  );
  const what =
    issue.code === 'unrecognized_keys'
      ? `has unknown keys: ${issue.keys.join(', ')}`
      : issue.message.replace(/^./, (first) => first.toLowerCase());
  return `${path.replace(/^\./, '') || 'the file'}: ${what}`;
}
