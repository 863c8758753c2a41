import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { printable } from '../../printing/index.js';
import { type Text, verbatim } from '../../core/texts/index.js';
import { TEXTS } from '../texts.js';
import { UsageError } from '../usage.error.js';
import { USER_FIELDS, type UserField } from './user-key.js';

/** One line of the file; `line` counts from 1, including the header. */
export type PersonLine =
  | {
      readonly line: number;
      /** The person at DingTalk: a `userid` is used to look up the unionId. */
      readonly dingtalk: { readonly field: 'unionId' | 'userid'; readonly value: string };
      readonly user: { readonly field: UserField; readonly value: string };
    }
  | { readonly line: number; readonly problem: Text };

const DINGTALK_FIELDS = ['unionId', 'userid'] as const;
const MAX_BYTES = 20 * 1024 * 1024;

const records = z.array(
  z.object({ record: z.record(z.string(), z.string().optional()), info: z.object({ lines: z.number() }) }),
);

/** @throws UsageError if the file cannot be read or its header does not identify the columns */
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
        problem: TEXTS.csvLine,
      });
      return undefined;
    },
  });
  if (!hasHeading && skipped.length > 0) {
    throw new UsageError(TEXTS.csvHeading);
  }
  if (!hasHeading) throw new UsageError(TEXTS.csvEmpty);
  const lines = records.parse(parsed).map(({ record, info }) => personLine(info.lines, record));
  return [...lines, ...skipped].toSorted((a, b) => a.line - b.line);
}

function contentOf(path: string): Buffer {
  try {
    const content = readFileSync(path);
    if (content.length <= MAX_BYTES) return content;
  } catch {
    throw new UsageError(TEXTS.csvUnreadable);
  }
  throw new UsageError(TEXTS.csvTooLarge);
}

function checkedHeading(written: readonly string[]): string[] {
  const heading = written.map(columnName);
  const has = (names: readonly string[]): boolean => names.some((name) => heading.includes(name));
  const found = printable(written.join(', ')).slice(0, 200);
  const separator = /[;\t]/.test(written.join('')) ? TEXTS.csvCommas : verbatim('');
  if (!has(DINGTALK_FIELDS)) {
    throw new UsageError(TEXTS.csvNeedsPerson(separator, found));
  }
  if (!has(USER_FIELDS)) {
    throw new UsageError(TEXTS.csvNeedsUser(separator, found));
  }
  if (new Set(heading).size < heading.length) {
    throw new UsageError(TEXTS.csvTwice(found));
  }
  return heading;
}

/**
 * Case-insensitive, with one exception: `userid` is DingTalk's, and `userId` NocoBase's, as written by `bindings`.
 *
 * @throws UsageError if it could be either
 */
function columnName(written: string): string {
  if (written === 'userId') return 'id';
  const name = [...DINGTALK_FIELDS, ...USER_FIELDS].find((field) => field.toLowerCase() === written.toLowerCase());
  if (name === 'userid' && written !== 'userid') {
    throw new UsageError(TEXTS.csvEither(printable(written)));
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
  if (dingtalk === undefined) return { line, problem: TEXTS.csvNoPerson };
  if (user === undefined) return { line, problem: TEXTS.csvNoUser };
  return { line, dingtalk, user };
}
