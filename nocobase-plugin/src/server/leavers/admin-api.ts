import { z } from 'zod';
import { CONCLUSIONS, EVENT_WAYS, LEAVER_MODES, ORIGINS, UNCLEAR } from '../../../../src/core/leavers/index.js';
import { evidence } from '../../../../src/core/plugin-protocol/index.js';
import { WAYS } from '../sign-in-by.js';

/**
 * What administrators may query and do about people who left, as `dingtalkLeavers:<action>`; the page in both web clients uses
 * these actions. NocoBase wraps each answer in `{ data }`. Times are in ms since 1970, and `null` means none. Actions that change
 * something are POST only: NocoBase checks no CSRF token on GET. They require the right to configure authenticators
 * (`pm.auth.dingtalk`).
 */
export const LEAVERS_RESOURCE = 'dingtalkLeavers';

/** Maximum page size of a list. */
export const MAX_PAGE_SIZE = 100;

const userId = z.int().min(1);
const moment = z.int().min(0);

/** The kinds of report: what happened to a person, and what administrators did. */
export const REPORT_KINDS = [
  ...CONCLUSIONS,
  /** DingTalk's answer does not allow a decision: `why`. */
  'unclear',
  /** Our lock was removed because the person is back. */
  'returned',
  'locked_by_hand',
  'unlocked_by_hand',
  /** An administrator released the people whom the brake held. */
  'went_on',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** `GET dingtalkLeavers:status`. One entry for each authenticator of type DingTalk. */
export const leaverStatus = z.object({
  authenticators: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      enabled: z.boolean(),
      /** Which side runs the watch: this NocoBase, or the gateway. */
      by: z.enum(WAYS),
      mode: z.enum(LEAVER_MODES),
      events: z.enum(EVENT_WAYS),
      /** `none`: events do not arrive by a connection, or nothing has been reported yet. */
      stream: z.enum(['none', 'connected', 'disconnected']),
      troubles: z.array(
        z.object({
          what: z.enum(['members', 'records', 'stream']),
          why: z.enum(UNCLEAR),
          detail: z.string().nullable(),
          /** The missing permission, named as in DingTalk's developer console. */
          permission: z.string().nullable(),
          /** The page in DingTalk's developer console that grants it. */
          grantAt: z.string().nullable(),
          since: moment,
        }),
      ),
      /** When the last check of all bound people ended. */
      nightEndedAt: moment.nullable(),
      /** Progress of a check of all bound people. */
      progress: z.object({ done: z.int(), of: z.int() }).nullable(),
      /** Number of people held by the brake; `goOn` releases them. */
      paused: z.int(),
      /** Number of bound people, and of those whose userid is known. */
      bound: z.int(),
      withUserid: z.int(),
    }),
  ),
  /** Number of users who are currently locked. */
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

/** A user as shown on a page; no nickname if the user no longer exists. */
const person = { userId, nickname: z.string().nullable() };
/** The administrator who did it; both `null` if it was the watch. */
const doer = { byUserId: z.int().nullable(), byNickname: z.string().nullable() };

/** A user who is currently locked. */
export const lockLine = z.object({
  id: z.int(),
  ...person,
  origin: z.enum(['ours', 'by_hand']),
  /** Why DingTalk was queried; `null` if locked by hand. */
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
  /** First and most recent report: a later check with the same result adds no second line. */
  since: moment,
  at: moment,
  ...doer,
});
export type ReportLine = z.output<typeof reportLine>;

/** Answer of `list`: newest first. Not named `rows`, which NocoBase would unwrap. */
export const listAnswer = <Line extends z.ZodType>(line: Line) =>
  z.object({ lines: z.array(line), total: z.int(), page: z.int(), pageSize: z.int() });

/** Body of `POST lock`, `unlock` and `ask`. */
export const ofUser = z.strictObject({ userId });
/** Of `lock`: `already` if the user is locked; 403 `leavers_first_user` for id 1, 404 `leavers_no_user`. */
export const lockAnswer = z.object({ outcome: z.enum(['locked', 'already']) });
/** Of `unlock`: removes any lock, by hand or by the watch. */
export const unlockAnswer = z.object({ outcome: z.enum(['unlocked', 'was_not_locked']) });

/**
 * Of `ask`, one for each authenticator at which the user is bound. `asked`: the result will appear as a report, because a gateway
 * checks it or DingTalk is slow. 404 `leavers_no_user`, 400 `leavers_not_bound`.
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

/** Body of `POST goOn`: everyone whom the brake holds at this moment is checked once more, and locked if still gone. */
export const ofAuthenticator = z.strictObject({ authenticator: z.string().min(1).max(255) });
export const goOnAnswer = z.object({ count: z.int() });
