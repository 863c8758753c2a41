import { findUsers, type PersonAtNocoBase } from '../provision/index.js';
import { explain } from '../command.errors.js';
import { asJsonText, csvCell, padded, printable, widthOf } from '../../printing/index.js';
import type { Lang } from '../../core/texts/index.js';
import { TEXTS } from '../texts.js';
import { UsageError } from '../usage.error.js';
import type { Io } from '../io.js';
import type { AddressOptions } from '../root-credentials.js';
import { targetOf, withBindings } from './target.js';

export interface BindingsCommandOptions extends AddressOptions {
  readonly authenticator?: string;
  readonly csv?: boolean;
  readonly excel?: boolean;
  readonly json?: boolean;
}

/** `username` and `nickname` are null if the user no longer exists. */
interface ListedBinding {
  readonly unionId: string;
  readonly userId: number;
  readonly username: string | null;
  readonly nickname: string | null;
  readonly createdAt: string | null;
  readonly orphaned: boolean;
}

/** Number of ids that fit into one address. */
const IDS_AT_A_TIME = 100;
const COLUMNS = ['unionId', 'userId', 'username', 'nickname', 'createdAt'] as const;

/**
 * Lists every binding of an authenticator; `--json` returns `{ok, bindings: [{unionId, userId, username, nickname,
 * createdAt, orphaned}]}`.
 */
export async function bindingsCommand(options: BindingsCommandOptions, io: Io, paint: Io['out']): Promise<number> {
  const { csv, excel, json } = options;
  try {
    const listed = await list(options, io);
    if (json) io.out(asJsonText({ ok: true, bindings: listed }));
    else if (csv || excel) paint(`${excel ? BYTE_ORDER_MARK : ''}${asCsv(listed)}`);
    else io.out(asTable(listed, io.lang));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = explain(error);
    if (json) io.out(asJsonText({ ok: false, error: reason.en }));
    else io.err(`${reason[io.lang]}\n`);
    return 1;
  }
}

async function list(options: BindingsCommandOptions, io: Io): Promise<ListedBinding[]> {
  const target = targetOf(io, options.authenticator);
  return withBindings(io, target, { ...options, dryRun: false }, async (admin, bindings) => {
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

/** Without it, Excel on a Chinese Windows reads a CSV file as GBK. */
const BYTE_ORDER_MARK = '\uFEFF';

function asCsv(listed: readonly ListedBinding[]): string {
  return [COLUMNS, ...listed.map(cells)].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

const cells = (binding: ListedBinding): string[] => COLUMNS.map((name) => String(binding[name] ?? ''));

function asTable(listed: readonly ListedBinding[], lang: Lang): string {
  if (listed.length === 0) return `${TEXTS.nobody[lang]}\n`;
  const { columnUser, columnUsername, columnNickname, columnSince } = TEXTS;
  const rows = [
    ['unionId', ...[columnUser, columnUsername, columnNickname, columnSince].map((column) => column[lang])],
    ...listed.map((one) => [
      one.unionId,
      String(one.userId),
      one.orphaned ? TEXTS.userGone[lang] : (one.username ?? ''),
      one.nickname ?? '',
      one.createdAt ?? '',
    ]),
  ].map((row) => row.map((cell) => printable(cell)));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]!))));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => padded(cell, widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
