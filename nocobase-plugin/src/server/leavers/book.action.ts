import type { Action } from '@nocobase/server';
import type { BoundPerson, Evidence, Hint, SeenPerson, WatchState } from '../../../../src/core/leavers/index.js';
import { bookAnswers, type BookCall, bookCall } from '../../../../src/core/plugin-protocol/index.js';
import { type GatewayAssertions } from '../gateway-assertions.js';
import { PublicError } from '../sign-in.errors.js';
import type { Leavers } from './books.js';
import type { DatabaseLeaverBook } from './database-leaver-book.js';

/**
 * `POST dingtalk:book`, for gateways: one method of the book of one of their authenticators. Whatever a gateway reports, the book
 * applies its own rules: it locks nobody whom this NocoBase would not lock.
 */
export function bookAction({ assertions, leavers }: { assertions: GatewayAssertions; leavers: Leavers }): Action {
  return async (context, next) => {
    const refusal = (status: number, code: string): PublicError =>
      new PublicError(status, code, (text, options) => context.t(text, options));
    if (context.method !== 'POST') throw refusal(405, 'post_only');
    const { authenticators } = await assertions.asking(context);
    const { data: asked } = bookCall.safeParse(context.action.params['values']);
    if (asked === undefined) throw refusal(400, 'invalid_request');
    if (!authenticators.some(({ name, enabled }) => enabled && name === asked.authenticator))
      throw refusal(404, 'not_found');
    const book = leavers.of(asked.authenticator);
    const data = await answer(book, asked);
    context.set({ 'Cache-Control': 'no-store' });
    // Serialized here: NocoBase sends no body for `null`, and treats an array as a list of records.
    context.withoutDataWrapping = true;
    context.type = 'json';
    context.body = JSON.stringify({ data: bookAnswers[asked.call].parse(data) });
    await next();
  };
}

/** What arrived over HTTP has no property with the value `undefined`: the types of both sides agree. */
async function answer(book: DatabaseLeaverBook, asked: BookCall): Promise<object | string | number | boolean | null> {
  switch (asked.call) {
    case 'count':
      return book.count();
    case 'people':
      return book.people(asked.after, asked.size);
    case 'byUserid':
      return book.byUserid(asked.userid);
    case 'byUnionId':
      return book.byUnionId(asked.unionId);
    case 'byUser':
      return book.byUser(asked.userId);
    case 'witnesses':
      return book.witnesses(asked.except, asked.count);
    case 'here':
      return book.here(asked.seen as readonly SeenPerson[]);
    case 'left':
      return book.left(asked.person as BoundPerson, asked.evidence as Evidence, asked.origin);
    case 'unclear':
      return nothing(book.unclear(asked.person as BoundPerson, asked.why, asked.origin, asked.detail));
    case 'note':
      return book.note(asked.hints as readonly Hint[]);
    case 'waiting':
      return book.waiting(asked.limit);
    case 'done':
      return nothing(book.done(asked.ids));
    case 'mark':
      return (await book.mark(asked.name)) ?? null;
    case 'setMark':
      return nothing(book.setMark(asked.name, asked.value));
    case 'lease':
      // The lease belongs to one of the gateway's replicas, not to this NocoBase.
      return book.marks.lease(asked.name, asked.forMs, `gateway ${asked.holder}`);
    default:
      return nothing(book.marks.tell(asked.state as WatchState, `gateway ${asked.holder}`));
  }
}

async function nothing(done: Promise<void>): Promise<null> {
  await done;
  return null;
}
