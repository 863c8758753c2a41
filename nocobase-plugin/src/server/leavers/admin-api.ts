import { z } from 'zod';
import { CONCLUSIONS, EVENT_WAYS, LEAVER_MODES, ORIGINS, UNCLEAR } from '../../../../src/core/leavers/index.js';
import { evidence } from '../../../../src/core/plugin-protocol/index.js';
import { WAYS } from '../sign-in-by.js';

/**
 * What administrators may ask and do about people who left, as `dingtalkLeavers:<action>`: the page in both web clients is made of
 * it. NocoBase wraps each answer in `{ data }`. Moments are in ms since 1970, `null` is "none". Actions that change something are
 * POST only: NocoBase looks for a CSRF token at no GET. Whoever may configure authenticators may call them (`pm.auth.dingtalk`).
 */
export const LEAVERS_RESOURCE = 'dingtalkLeavers';

/** The most that one page of a list has. */
export const MAX_PAGE_SIZE = 100;

const userId = z.int().min(1);
const moment = z.int().min(0);

/** What stands in a report: what became of somebody, and what administrators did. */
export const REPORT_KINDS = [
  ...CONCLUSIONS,
  /** DingTalk said nothing that can be acted on: `why`. */
  'unclear',
  /** Our lock was undone, as the person is back. */
  'returned',
  'locked_by_hand',
  'unlocked_by_hand',
  /** An administrator lets those go on whom the brake held. */
  'went_on',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** `GET dingtalkLeavers:status`. Of every authenticator of type DingTalk. */
export const leaverStatus = z.object({
  authenticators: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      enabled: z.boolean(),
      /** Who watches: this NocoBase, or the gateway. */
      by: z.enum(WAYS),
      mode: z.enum(LEAVER_MODES),
      events: z.enum(EVENT_WAYS),
      /** `none`: events do not come by a connection, or nobody has told yet. */
      stream: z.enum(['none', 'connected', 'disconnected']),
      troubles: z.array(
        z.object({
          what: z.enum(['members', 'records', 'stream']),
          why: z.enum(UNCLEAR),
          detail: z.string().nullable(),
          /** Where a permission is missing: its name, as DingTalk's developer console has it. */
          permission: z.string().nullable(),
          /** The page of DingTalk's developer console where it is granted. */
          grantAt: z.string().nullable(),
          since: moment,
        }),
      ),
      /** When the last look at everybody ended. */
      nightEndedAt: moment.nullable(),
      /** Of a look at everybody that is under way. */
      progress: z.object({ done: z.int(), of: z.int() }).nullable(),
      /** How many the brake holds: `goOn` lets them go on. */
      paused: z.int(),
      /** How many people are bound, and of how many the userid is known. */
      bound: z.int(),
      withUserid: z.int(),
    }),
  ),
  /** How many users are locked now. */
  locked: z.int(),
});
export type LeaverStatus = z.output<typeof leaverStatus>;

/** Query of `GET dingtalkLeavers:list`. `search`: a user's id, or a part of a nickname. */
export const listQuery = z.object({
  kind: z.enum(['locks', 'reports']),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(20),
  search: z.string().trim().max(100).default(''),
});

/** A user as a page shows one; no nickname where the user is gone. */
const person = { userId, nickname: z.string().nullable() };
/** The administrator who did it; both `null` where it was the watch. */
const doer = { byUserId: z.int().nullable(), byNickname: z.string().nullable() };

/** A user who is locked now. */
export const lockLine = z.object({
  id: z.int(),
  ...person,
  origin: z.enum(['ours', 'by_hand']),
  /** Why DingTalk was asked; `null` where it was locked by hand. */
  source: z.enum(ORIGINS).nullable(),
  authenticator: z.string().nullable(),
  evidence: evidence.nullable(),
  at: moment,
  ...doer,
});
export type LockLine = z.output<typeof lockLine>;

export const reportLine = z.object({
  id: z.int(),
  ...person,
  kind: z.enum(REPORT_KINDS),
  why: z.enum(UNCLEAR).nullable(),
  detail: z.string().nullable(),
  source: z.enum(ORIGINS).nullable(),
  authenticator: z.string().nullable(),
  evidence: evidence.nullable(),
  /** When it was told first, and last: a night that finds the same again tells no second line. */
  since: moment,
  at: moment,
  ...doer,
});
export type ReportLine = z.output<typeof reportLine>;

/** Answer of `list`: newest first. Not named `rows`, which NocoBase would unpack. */
export const listAnswer = <Line extends z.ZodType>(line: Line) =>
  z.object({ lines: z.array(line), total: z.int(), page: z.int(), pageSize: z.int() });

/** Body of `POST lock`, `unlock` and `ask`. */
export const ofUser = z.strictObject({ userId });
/** Of `lock`: `already` where the user is locked; 403 `leavers_first_user` for id 1, 404 `leavers_no_user`. */
export const lockAnswer = z.object({ outcome: z.enum(['locked', 'already']) });
/** Of `unlock`: whoever locked. */
export const unlockAnswer = z.object({ outcome: z.enum(['unlocked', 'was_not_locked']) });

/**
 * Of `ask`, one for each authenticator by which the user is bound. `asked`: the answer comes later, as a report, as a gateway
 * looks at it or DingTalk is slow. 404 `leavers_no_user`, 400 `leavers_not_bound`.
 */
export const askAnswer = z.object({
  answers: z.array(
    z.object({
      authenticator: z.string(),
      answer: z.enum(['asked', 'here', ...CONCLUSIONS, 'unclear']),
      why: z.enum(UNCLEAR).nullable(),
      detail: z.string().nullable(),
    }),
  ),
});
export type AskAnswer = z.output<typeof askAnswer>;

/** Body of `POST goOn`; each whom the brake holds at this moment is asked about once more, and locked if still gone. */
export const ofAuthenticator = z.strictObject({ authenticator: z.string().min(1).max(255) });
export const goOnAnswer = z.object({ count: z.int() });
