import { z } from 'zod';
import { CONCLUSIONS, type Evidence, isOfLeaving, ORIGINS, UNCLEAR } from '../leavers/index.js';
import { AUTHENTICATOR_NAME } from '../settings/index.js';

/**
 * The book of bound people and locks (`LeaverBook`) as a gateway uses it: each call of `POST dingtalk:book` with its
 * assertion is one method, for the authenticator that it names. The `data` of the response is the method's result.
 */
const id = z.string().min(1).max(128);
const moment = z.int().nonnegative();

export const evidence = z.strictObject({
  code: z.int(),
  userid: id,
  askedAt: moment,
  requestId: z.string().max(100).optional(),
  witness: z.strictObject({ userid: id, askedAt: moment }).optional(),
  record: z.strictObject({ leftAt: moment, reason: z.string().max(32) }).optional(),
});

/** Data received over HTTP has no property that is `undefined`. */
const evidenceOfLeaving = evidence.refine((given) => isOfLeaving(given as Evidence), 'no evidence of a leaving');

export const boundPerson = z.object({
  bindingId: id,
  userId: z.int(),
  unionId: id,
  userid: id.optional(),
  seenAt: moment,
  hasLeft: z.boolean(),
  lock: z.enum(['none', 'ours', 'by_hand']),
});

export const hint = z.strictObject({
  id,
  kind: z.enum(['left', 'joined', 'ask']),
  origin: z.enum(ORIGINS),
  userid: id.optional(),
  userId: z.int().optional(),
  at: moment,
});

const watchState = z.strictObject({
  trouble: z
    .strictObject({
      what: z.enum(['members', 'records', 'stream']),
      why: z.enum([...UNCLEAR, 'none']),
      detail: z.string().max(200).optional(),
    })
    .optional(),
  stream: z.enum(['connected', 'disconnected']).optional(),
  progress: z.strictObject({ done: moment, of: moment }).optional(),
  nightEndedAt: moment.optional(),
});

const seen = z.strictObject({ bindingId: id, unionId: id, userid: id, corpId: id.optional(), seenAt: moment });

/** Limit for one call, in either direction. */
export const BOOK_PAGE = 500;
const page = z.int().min(1).max(BOOK_PAGE);
const authenticator = z.string().regex(AUTHENTICATOR_NAME);
const call = <const Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ authenticator, call: z.literal(name), ...shape });

export const bookCall = z.discriminatedUnion('call', [
  call('count', {}),
  call('people', { after: id.optional(), size: page }),
  call('byUserid', { userid: id }),
  call('byUnionId', { unionId: id }),
  call('byUser', { userId: z.int() }),
  call('witnesses', { except: id, count: z.int().min(1).max(20) }),
  call('here', { seen: z.array(seen).max(BOOK_PAGE) }),
  call('left', { person: boundPerson, evidence: evidenceOfLeaving, origin: z.enum(ORIGINS) }),
  call('unclear', {
    person: boundPerson,
    why: z.enum(UNCLEAR),
    origin: z.enum(ORIGINS),
    detail: z.string().max(200).optional(),
  }),
  call('note', { hints: z.array(hint).max(BOOK_PAGE) }),
  call('waiting', { limit: page }),
  call('done', { ids: z.array(id).max(BOOK_PAGE) }),
  call('mark', { name: id }),
  call('setMark', { name: id, value: z.string().max(200) }),
  /** `holder`: a random id of the calling process, because all replicas of a gateway sign with the same key. */
  call('lease', { name: id, forMs: z.int().min(1).max(86_400_000), holder: id }),
  call('state', { state: watchState, holder: id }),
]);
export type BookCall = z.output<typeof bookCall>;

/** The result of each call. */
export const bookAnswers = {
  count: z.int().nonnegative(),
  people: z.array(boundPerson),
  byUserid: z.array(boundPerson),
  byUnionId: z.array(boundPerson),
  byUser: z.array(boundPerson),
  witnesses: z.array(boundPerson),
  here: z.array(z.object({ userId: z.int(), unionId: id })),
  left: z.enum(CONCLUSIONS),
  unclear: z.null(),
  note: z.array(hint),
  waiting: z.array(hint),
  done: z.null(),
  mark: z.string().nullable(),
  setMark: z.null(),
  lease: z.boolean(),
  state: z.null(),
} as const;
