import type { Database, Model } from '@nocobase/database';
import type { z } from 'zod';
import type { listQuery, LockLine, ReportLine } from './admin-api.js';
import type { Leavers } from './books.js';
import { evidenceIn } from './locks.js';
import { LOCKS } from './locks-collection.js';

/** Maximum number of users with one nickname that are searched. */
const MAX_FOUND = 200;

/** A page of locks or of reports, with the nicknames of the people in it. */
export async function listOf(db: Database, query: z.output<typeof listQuery>, leavers: Leavers): Promise<ListAnswer> {
  const { kind, page, pageSize, search } = query;
  const userIds = search === '' ? undefined : await found(db, search);
  const { rows, total } =
    kind === 'reports' ? await leavers.reports.page(query, userIds) : await locksOf(db, query, userIds);
  const names = await nicknamesOf(
    db,
    rows.flatMap((row) => [numberIn(row, 'userId'), doerOf(row)]),
  );
  const line = kind === 'reports' ? reportIn : lockedIn;
  return { lines: rows.map((row) => line(row, names)), total, page, pageSize } as ListAnswer;
}

type ListAnswer = { total: number; page: number; pageSize: number } & ({ lines: LockLine[] } | { lines: ReportLine[] });

async function locksOf(
  db: Database,
  { page, pageSize }: { page: number; pageSize: number },
  userIds: readonly number[] | undefined,
): Promise<{ rows: readonly Model[]; total: number }> {
  if (userIds?.length === 0) return { rows: [], total: 0 };
  const filter = { undoneAt: null, ...(userIds === undefined ? {} : { userId: { $in: [...userIds] } }) };
  const repository = db.getRepository(LOCKS);
  const [rows, total] = await Promise.all([
    repository.find({ filter, sort: '-id', limit: pageSize, offset: (page - 1) * pageSize }),
    repository.count({ filter }),
  ]);
  return { rows, total };
}

/** By id, or by a part of a nickname. */
async function found(db: Database, search: string): Promise<readonly number[]> {
  const id = /^\d{1,15}$/.test(search) ? [Number(search)] : [];
  const users = await db.getRepository('users').find({
    filter: { nickname: { $includes: search } },
    fields: ['id'],
    limit: MAX_FOUND,
  });
  return [...new Set([...id, ...users.map((user) => Number(user.get('id')))])];
}

type Names = ReadonlyMap<number, string>;

function lockedIn(row: Model, names: Names): LockLine {
  const { userId, authenticator, evidence, source, ...doer } = common(row, names);
  const origin = row.get('origin') === 'ours' ? 'ours' : 'by_hand';
  const at = new Date(row.get('lockedAt') as Date | string).getTime();
  return {
    id: Number(row.get('id')),
    userId,
    nickname: names.get(userId) ?? null,
    origin,
    source,
    authenticator,
    evidence,
    at,
    ...doer,
  };
}

function reportIn(row: Model, names: Names): ReportLine {
  const { userId, authenticator, evidence, source, ...doer } = common(row, names);
  return {
    id: Number(row.get('id')),
    userId,
    nickname: names.get(userId) ?? null,
    kind: row.get('kind') as ReportLine['kind'],
    why: (row.get('why') ?? null) as ReportLine['why'],
    detail: textIn(row, 'detail'),
    source,
    authenticator,
    evidence,
    since: Number(row.get('since')),
    at: Number(row.get('at')),
    ...doer,
  };
}

/** Invalid values were written without going through us: `admin-api.ts` refuses them, and the page reports it. */
function common(
  row: Model,
  names: Names,
): Pick<ReportLine, 'userId' | 'authenticator' | 'evidence' | 'source' | 'byUserId' | 'byNickname'> {
  const byUserId = doerOf(row) ?? null;
  return {
    userId: numberIn(row, 'userId')!,
    authenticator: textIn(row, 'authenticator'),
    evidence: evidenceIn(row) as ReportLine['evidence'],
    source: textIn(row, 'source') as ReportLine['source'],
    byUserId,
    byNickname: byUserId === null ? null : (names.get(byUserId) ?? null),
  };
}

function doerOf(row: Model): number | undefined {
  return numberIn(row, 'byUserId') ?? numberIn(row, 'lockedById');
}

function numberIn(row: Model, name: string): number | undefined {
  const value = row.get(name);
  return value === null || value === undefined ? undefined : Number(value);
}

function textIn(row: Model, name: string): string | null {
  const value = row.get(name);
  return typeof value === 'string' && value !== '' ? value : null;
}

async function nicknamesOf(db: Database, ids: readonly (number | undefined)[]): Promise<Names> {
  const asked = [...new Set(ids.filter((id) => id !== undefined))];
  // With some databases an empty list does not filter.
  if (asked.length === 0) return new Map();
  const users = await db.getRepository('users').find({ filter: { id: { $in: asked } }, fields: ['id', 'nickname'] });
  return new Map(
    users.map((user) => {
      const nickname = user.get('nickname');
      return [Number(user.get('id')), typeof nickname === 'string' ? nickname : ''];
    }),
  );
}
