import { findUsers, type PersonAtNocoBase } from '../../provision/index.js';
import { explain } from '../command.errors.js';
import { printable } from '../../doctor/index.js';
import { UsageError } from '../usage.error.js';
import type { Io } from '../io.js';
import { targetOf, withBindings } from './target.js';

export interface BindingsCommandOptions {
  readonly authenticator?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `username` and `nickname` are null where the user is gone. */
interface ListedBinding {
  readonly unionId: string;
  readonly userId: number;
  readonly username: string | null;
  readonly nickname: string | null;
  readonly createdAt: string | null;
  readonly orphaned: boolean;
}

/** So many ids fit into one address. */
const IDS_AT_A_TIME = 100;
const COLUMNS = ['unionId', 'userId', 'username', 'nickname', 'createdAt'] as const;

/** Lists every link of an authenticator; `--json` gives `{ok, bindings: [{unionId, userId, username, nickname, createdAt, orphaned}]}`. */
export async function bindingsCommand({ authenticator, csv, json }: BindingsCommandOptions, io: Io): Promise<number> {
  try {
    const listed = await list(authenticator, io);
    if (json) io.out(`${JSON.stringify({ ok: true, bindings: listed }, undefined, 2)}\n`);
    else if (csv) io.out([COLUMNS, ...listed.map(cells)].map((row) => `${row.map(csvCell).join(',')}\r\n`).join(''));
    else io.out(asTable(listed));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = explain(error);
    if (json) io.out(`${JSON.stringify({ ok: false, error: reason }, undefined, 2)}\n`);
    else io.err(`${reason}\n`);
    return 1;
  }
}

async function list(authenticator: string | undefined, io: Io): Promise<ListedBinding[]> {
  return withBindings(io, targetOf(io.environment, authenticator), false, async (admin, bindings) => {
    const all = await bindings.all();
    const users = new Map<number, PersonAtNocoBase>();
    for (let at = 0; at < all.length; at += IDS_AT_A_TIME) {
      const [first, ...others] = all.slice(at, at + IDS_AT_A_TIME).map(({ userId }) => userId);
      if (first === undefined) continue;
      for (const user of await findUsers(admin, { field: 'id', values: [first, ...others] })) users.set(user.id, user);
    }
    return all.map(({ subject, userId, createdAt }) => ({
      unionId: subject,
      userId,
      username: users.get(userId)?.username ?? null,
      nickname: users.get(userId)?.nickname ?? null,
      createdAt: createdAt ?? null,
      orphaned: !users.has(userId),
    }));
  });
}

const cells = (binding: ListedBinding): string[] => COLUMNS.map((name) => String(binding[name] ?? ''));

/** RFC 4180; what a spreadsheet would take for a formula gets an apostrophe, since nicknames are chosen by people. */
function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function asTable(listed: readonly ListedBinding[]): string {
  if (listed.length === 0) return 'Nobody is linked yet.\n';
  const rows = [
    ['unionId', 'user', 'username', 'nickname', 'since'],
    ...listed.map((one) => [
      one.unionId,
      String(one.userId),
      one.orphaned ? '(user is gone)' : (one.username ?? ''),
      one.nickname ?? '',
      one.createdAt ?? '',
    ]),
  ].map((row) => row.map((cell) => printable(cell)));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
