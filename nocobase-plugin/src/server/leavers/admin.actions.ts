import { randomUUID } from 'node:crypto';
import type { Database } from '@nocobase/database';
import type { Action, Context } from '@nocobase/server';
import { z } from 'zod';
import { ROOT_USER_ID } from '../../../../src/core/accounts/index.js';
import { findAll } from '../authenticators.js';
import { isByGateway } from '../sign-in-by.js';
import { PublicError } from '../sign-in.errors.js';
import { LOG } from '../texts.js';
import {
  askAnswer,
  type AskAnswer,
  goOnAnswer,
  leaverStatus,
  listAnswer,
  listQuery,
  lockAnswer,
  lockLine,
  ofAuthenticator,
  ofUser,
  reportLine,
  unlockAnswer,
} from './admin-api.js';
import { listOf } from './admin-list.js';
import { statusOf } from './admin-status.js';
import type { Leavers } from './books.js';

/** The result of a check, if it is known in time. */
export type Asked = Omit<AskAnswer['answers'][number], 'authenticator'>;

/** The watches that run inside this NocoBase (`watches.ts`). */
export interface Asks {
  /** @returns undefined if no watch runs here, or not in time: the hint is kept */
  ask(authenticator: string, hintId: string, userId: number): Promise<Asked | undefined>;
}

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
      async (context) => {
        const { data: query } = listQuery.safeParse(context.query);
        if (query === undefined) throw refusal(context, 400, 'invalid_request');
        return listOf(context.db, query, leavers);
      },
      false,
    ),
    lock: answering(lockAnswer, async (context) => lock(context, leavers)),
    unlock: answering(unlockAnswer, async (context) => unlock(context, leavers)),
    ask: answering(askAnswer, async (context) => ask(context, leavers, asks)),
    goOn: answering(goOnAnswer, async (context) => goOn(context, leavers)),
  };
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
