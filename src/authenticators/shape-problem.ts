import type { z } from 'zod';
import { ofVariable, type Text, text, verbatim } from '../core/texts/index.js';
import { FILE, SHAPE_IN_CHINESE } from './texts.js';

/** In terms of the file, not of its schema. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys and values',
};

/** What is wrong in a value, and where, without quoting it. */
export function shapeProblem(issue: z.core.$ZodIssue): Text {
  const path = issue.path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`),
    '',
  );
  const at = path.replace(/^\./, '');
  return FILE.at(at === '' ? FILE.whole : verbatim(at), whatIsWrong(issue));
}

function whatIsWrong(issue: z.core.$ZodIssue): Text {
  if (issue.code === 'unrecognized_keys') return FILE.unknownKeys(issue.keys.join(', '));
  if (issue.code === 'invalid_type' && KINDS[issue.expected] !== undefined) {
    return ofVariable(`must be ${KINDS[issue.expected]}`);
  }
  const said = issue.message.replace(/^./, (first) => first.toLowerCase());
  const zh = inChinese(issue);
  return zh === undefined ? ofVariable(said) : text(said, zh);
}

function inChinese(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'array' ? SHAPE_IN_CHINESE.emptyList : SHAPE_IN_CHINESE.empty;
    case 'too_big':
      return issue.origin === 'array'
        ? SHAPE_IN_CHINESE.tooManyItems(issue.maximum)
        : SHAPE_IN_CHINESE.tooLong(issue.maximum);
    case 'invalid_value':
      return SHAPE_IN_CHINESE.oneOf(issue.values.join(', '));
    default:
      return undefined;
  }
}
