import { randomUUID } from 'node:crypto';
import type { Database, Model } from '@nocobase/database';
import type { Action, Context } from '@nocobase/server';
import { z } from 'zod';
import { ROOT_USER_ID } from '../../../../src/core/accounts/index.js';
import type { EventWay, WatchState } from '../../../../src/core/leavers/index.js';
import { findAll } from '../authenticators.js';
import { isRecord } from '../is-record.js';
import { isByGateway } from '../sign-in-by.js';
import { PublicError } from '../sign-in.errors.js';
import { LOG } from '../texts.js';
import {
  askAnswer,
  type AskAnswer,
  goOnAnswer,
  type LeaverStatus,
  leaverStatus,
  listAnswer,
  listQuery,
  type LockLine,
  lockAnswer,
  lockLine,
  ofAuthenticator,
  ofUser,
  type ReportLine,
  reportLine,
  unlockAnswer,
} from './admin-api.js';
import type { Leavers } from './books.js';
import { LOCKS } from './locks-collection.js';
import { permissionFor } from './permissions.js';

/** The result of a check, if it is known in time. */
export type Asked = Omit<AskAnswer['answers'][number], 'authenticator'>;

/** The watches that run inside this NocoBase (`watches.ts`). */
export interface Asks {
  /** @returns undefined if no watch runs here, or not in time: the hint is kept */
  ask(authenticator: string, hintId: string, userId: number): Promise<Asked | undefined>;
}

/** Maximum number of users with one nickname that are searched. */
const MAX_FOUND = 200;

/** `dingtalkLeavers:…`, as declared in `admin-api.ts`. */
export function leaverActions(leavers: Leavers, asks: Asks): Readonly<Record<string, Action>> {
  const answering =
    <Body>(shape: z.ZodType<Body>, work: (context: Context) => Promise<Body>, isPost = true): Action =>
    async (context, next) => {
      // NocoBase checks no CSRF token on GET requests, and a cross-site GET carries cookies.
      if (isPost && context.method !== 'POST') throw refusal(context, 405, 'post_only');
      const answer = shape.parse(await work(context));
      context.set({ 'Cache-Control': 'no-store' });
      context.body = answer;
      await next();
    };
  return {
    status: answering(leaverStatus, async ({ db }) => statusOf(db, leavers), false),
    list: answering(
      z.union([listAnswer(lockLine), listAnswer(reportLine)]),
      async (context) => list(context, leavers),
      false,
    ),
    lock: answering(lockAnswer, async (context) => lock(context, leavers)),
    unlock: answering(unlockAnswer, async (context) => unlock(context, leavers)),
    ask: answering(askAnswer, async (context) => ask(context, leavers, asks)),
    goOn: answering(goOnAnswer, async (context) => goOn(context, leavers)),
  };
}

async function statusOf(db: Database, leavers: Leavers): Promise<LeaverStatus> {
  const rows = await findAll(db);
  const authenticators = rows.map(async ({ name, title, enabled, settings }) => {
    const { marks, members } = leavers.of(name);
    const { troubles: told, stream, progress, nightEndedAt } = await marks.told();
    // Problems of a feature that is switched off are not reported.
    const troubles = told.filter(
      ({ what }) => settings.leavers !== 'off' && (what !== 'stream' || isWithoutEvents(settings.events, stream)),
    );
    return {
      name,
      title,
      enabled,
      by: settings.signInBy,
      mode: settings.leavers,
      events: settings.events,
      stream: settings.events === 'stream' ? (stream ?? ('none' as const)) : ('none' as const),
      troubles: troubles.map(({ what, why, detail, since }) => {
        const { permission, grantAt } = permissionFor(what, why) ?? { permission: null, grantAt: null };
        return { what, why, detail: detail ?? null, permission, grantAt, since };
      }),
      nightEndedAt: nightEndedAt ?? null,
      progress: progress ?? null,
      paused: settings.leavers === 'lock' ? await members.countPaused() : 0,
      bound: await members.count(),
      withUserid: await members.countKnown(),
    };
  });
  const locked = await db.getRepository(LOCKS).count({ filter: { undoneAt: null } });
  return { authenticators: await Promise.all(authenticators), locked };
}

/** If any process is connected, events arrive. */
function isWithoutEvents(way: EventWay, stream: WatchState['stream']): boolean {
  return way === 'push' || (way === 'stream' && stream !== 'connected');
}

async function list(context: Context, leavers: Leavers): Promise<ListAnswer> {
  const { data: query } = listQuery.safeParse(context.query);
  if (query === undefined) throw refusal(context, 400, 'invalid_request');
  const { kind, page, pageSize, search } = query;
  const userIds = search === '' ? undefined : await found(context.db, search);
  const { rows, total } =
    kind === 'reports' ? await leavers.reports.page(query, userIds) : await locksOf(context.db, query, userIds);
  const names = await nicknamesOf(
    context.db,
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

/** Some databases return JSON as text. */
function evidenceIn(row: Model): object | null {
  const value = row.get('evidence');
  const read: unknown = typeof value === 'string' && value !== '' ? JSON.parse(value) : value;
  return isRecord(read) ? read : null;
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

async function userAsked(context: Context): Promise<number> {
  const { data } = ofUser.safeParse(context.action.params['values']);
  if (data === undefined) throw refusal(context, 400, 'invalid_request');
  const row = await context.db.getRepository('users').findOne({ filter: { id: data.userId }, fields: ['id'] });
  if (row === null) throw refusal(context, 404, 'leavers_no_user');
  return data.userId;
}

async function lock(context: Context, leavers: Leavers): Promise<z.output<typeof lockAnswer>> {
  const userId = await userAsked(context);
  if (userId === ROOT_USER_ID) throw refusal(context, 403, 'leavers_first_user');
  const byUserId = whoAsks(context);
  const isNew = await leavers.locks.inTurn(async (turn) => {
    const done = await leavers.locks.lock(userId, { origin: 'by_hand', byUserId }, turn);
    if (done) await leavers.reports.write({ userId, kind: 'locked_by_hand', byUserId }, turn.transaction);
    return done;
  });
  audit(context, 'locked_by_hand', { userId, outcome: isNew ? 'locked' : 'already' });
  return { outcome: isNew ? 'locked' : 'already' };
}

async function unlock(context: Context, leavers: Leavers): Promise<z.output<typeof unlockAnswer>> {
  const userId = await userAsked(context);
  const byUserId = whoAsks(context);
  const wasLocked = await leavers.locks.inTurn(async (turn) => {
    const held = (await leavers.locks.ofUsers([userId], turn.transaction)).get(userId);
    if (held === undefined) return false;
    await leavers.locks.unlock(held, byUserId, turn);
    await leavers.reports.write({ userId, kind: 'unlocked_by_hand', byUserId }, turn.transaction);
    return true;
  });
  const outcome = wasLocked ? 'unlocked' : 'was_not_locked';
  audit(context, 'unlocked_by_hand', { userId, outcome });
  return { outcome };
}

async function ask(context: Context, leavers: Leavers, asks: Asks): Promise<AskAnswer> {
  const userId = await userAsked(context);
  const names = await boundAt(context.db, userId);
  if (names.length === 0) throw refusal(context, 400, 'leavers_not_bound');
  audit(context, 'ask', { userId });
  const answers = names.map(async ({ name, byGateway }) => {
    const id = `ask ${randomUUID()}`;
    await leavers.of(name).note([{ id, kind: 'ask', origin: 'administrator', userId, at: Date.now() }]);
    const answer = byGateway ? undefined : await asks.ask(name, id, userId);
    return { authenticator: name, ...(answer ?? { answer: 'asked' as const, why: null, detail: null }) };
  });
  return { answers: await Promise.all(answers) };
}

async function boundAt(db: Database, userId: number): Promise<readonly { name: string; byGateway: boolean }[]> {
  const rows = await db
    .getRepository('usersAuthenticators')
    .find({ filter: { userId }, fields: ['authenticator', 'userId'] });
  const bound = new Set(rows.map((row) => String(row.get('authenticator'))));
  const ours = (await findAll(db)).filter(({ name, enabled }) => enabled && bound.has(name));
  return ours.map(({ name, settings }) => ({ name, byGateway: isByGateway(settings) }));
}

async function goOn(context: Context, leavers: Leavers): Promise<z.output<typeof goOnAnswer>> {
  const { data } = ofAuthenticator.safeParse(context.action.params['values']);
  const known = (await findAll(context.db)).some(({ name }) => name === data?.authenticator);
  if (data === undefined || !known)
    throw refusal(context, data === undefined ? 400 : 404, data === undefined ? 'invalid_request' : 'not_found');
  const { authenticator } = data;
  const book = leavers.of(authenticator);
  const now = Date.now();
  const byUserId = whoAsks(context);
  const held = await leavers.locks.inTurn(async ({ transaction }) => {
    const ids = await book.members.approve(now, transaction);
    await leavers.reports.writeOfMany(ids, { kind: 'went_on', authenticator, byUserId }, transaction);
    return ids;
  });
  // Each person is checked once more: the list shows who had left when it was compiled.
  await book.note(
    held.map((userId) => ({ id: `go on ${now} ${userId}`, kind: 'ask', origin: 'administrator', userId, at: now })),
  );
  audit(context, 'went_on', { authenticator, count: held.length });
  return { count: held.length };
}

function whoAsks({ state, auth }: Context): number | undefined {
  const user = state['currentUser'] ?? auth?.user;
  const id = Number(typeof user === 'object' && user !== null ? Reflect.get(user, 'id') : undefined);
  return Number.isSafeInteger(id) ? id : undefined;
}

/** Who did it, and to whom: ids only. */
function audit(context: Context, what: string, details: object): void {
  context.log.info(LOG.leaver.en, { event: 'dingtalk_leaver', what, byUserId: whoAsks(context), ...details });
}

function refusal(context: Context, status: number, code: string): PublicError {
  return new PublicError(status, code, (text, options) => context.t(text, options));
}
