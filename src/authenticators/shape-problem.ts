import type { z } from 'zod';
import { ofVariable, type Text, text } from '../core/texts/index.js';

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
export function shapeProblem(issue: z.core.$ZodIssue): Text {
  const path = issue.path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`),
    '',
  );
  const { en, zh } = whatIsWrong(issue);
  const at = path.replace(/^\./, '');
  return text(`${at || 'the file'}: ${en}`, `${at || '整个文件'}：${zh}`);
}

function whatIsWrong(issue: z.core.$ZodIssue): Text {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.join(', ');
    return text(`has unknown keys: ${keys}`, `含有未知的键：${keys}`);
  }
  if (issue.code === 'invalid_type' && KINDS[issue.expected] !== undefined) {
    return ofVariable(`must be ${KINDS[issue.expected]}`);
  }
  const said = issue.message.replace(/^./, (first) => first.toLowerCase());
  if (issue.code === 'too_small') return text(said, issue.origin === 'array' ? '至少要有一项' : '不能为空');
  if (issue.code === 'too_big')
    return text(said, `最多 ${issue.maximum} ${issue.origin === 'array' ? '项' : '个字符'}`);
  if (issue.code === 'invalid_value') return text(said, `只能是以下之一：${issue.values.join(', ')}`);
  return ofVariable(said);
}
