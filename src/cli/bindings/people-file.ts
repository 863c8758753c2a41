import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { printable } from '../../printing/index.js';
import { UsageError } from '../usage.error.js';
import { USER_FIELDS, type UserField } from './user-key.js';

/** One line of the file; `line` counts from 1, the heading included. */
export type PersonLine =
  | {
      readonly line: number;
      /** Who it is at DingTalk: `userid` has to be asked for the unionId. */
      readonly dingtalk: { readonly field: 'unionId' | 'userid'; readonly value: string };
      readonly user: { readonly field: UserField; readonly value: string };
    }
  | { readonly line: number; readonly problem: string };

const DINGTALK_FIELDS = ['unionId', 'userid'] as const;
const MAX_BYTES = 20 * 1024 * 1024;

const records = z.array(
  z.object({ record: z.record(z.string(), z.string().optional()), info: z.object({ lines: z.number() }) }),
);

/** @throws UsageError when the file cannot be read or its heading does not say who is who */
export function readPeople(path: string): PersonLine[] {
  const skipped: PersonLine[] = [];
  let hasHeading = false;
  const parsed: unknown = parse(contentOf(path), {
    bom: true,
    columns: (heading: string[]) => {
      hasHeading = true;
      return checkedHeading(heading.map((name) => name.trim()));
    },
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push({
        line: Number(error?.['lines'] ?? 0),
        problem: 'not readable as CSV, maybe to the end of the file: look for a quotation mark that is not closed',
      });
      return undefined;
    },
  });
  if (!hasHeading && skipped.length > 0) {
    throw new UsageError('The CSV file has no heading that can be read: look for a quotation mark that is not closed.');
  }
  if (!hasHeading) throw new UsageError('The CSV file is empty.');
  const lines = records.parse(parsed).map(({ record, info }) => personLine(info.lines, record));
  return [...lines, ...skipped].toSorted((a, b) => a.line - b.line);
}

function contentOf(path: string): Buffer {
  try {
    const content = readFileSync(path);
    if (content.length <= MAX_BYTES) return content;
  } catch {
    throw new UsageError('The CSV file cannot be read.');
  }
  throw new UsageError('The CSV file is too large.');
}

function checkedHeading(written: readonly string[]): string[] {
  const heading = written.map(columnName);
  const has = (names: readonly string[]): boolean => names.some((name) => heading.includes(name));
  const found = `found: ${printable(written.join(', ')).slice(0, 200)}`;
  const separator = /[;\t]/.test(written.join('')) ? ', and columns are separated by commas' : '';
  if (!has(DINGTALK_FIELDS)) {
    throw new UsageError(`The heading of the CSV file needs a column unionId or userid${separator}; ${found}`);
  }
  if (!has(USER_FIELDS)) {
    throw new UsageError(
      `The heading of the CSV file needs a column id, username, phone or email${separator}; ${found}`,
    );
  }
  if (new Set(heading).size < heading.length) {
    throw new UsageError(`The heading of the CSV file names a column twice; ${found}`);
  }
  return heading;
}

/**
 * Capitals do not matter, with one exception: `userid` is DingTalk's, and `userId` NocoBase's, as `bindings` writes it.
 *
 * @throws UsageError where it could be either
 */
function columnName(written: string): string {
  if (written === 'userId') return 'id';
  const name = [...DINGTALK_FIELDS, ...USER_FIELDS].find((field) => field.toLowerCase() === written.toLowerCase());
  if (name === 'userid' && written !== 'userid') {
    throw new UsageError(
      `The column ${printable(written)} could be two things: write userid (of DingTalk) or id (of NocoBase).`,
    );
  }
  return name ?? written;
}

function personLine(line: number, record: Readonly<Record<string, string | undefined>>): PersonLine {
  const firstOf = <Name extends string>(names: readonly Name[]): { field: Name; value: string } | undefined => {
    const field = names.find((name) => record[name]);
    return field === undefined ? undefined : { field, value: record[field] ?? '' };
  };
  const dingtalk = firstOf(DINGTALK_FIELDS);
  const user = firstOf(USER_FIELDS);
  if (dingtalk === undefined) return { line, problem: 'no unionId and no userid' };
  if (user === undefined) return { line, problem: 'no id, username, phone or email' };
  return { line, dingtalk, user };
}
