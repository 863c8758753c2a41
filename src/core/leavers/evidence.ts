/**
 * What DingTalk said of somebody, and what else was needed to believe it. Ids and codes only: no name, no number.
 * It is stored with a lock, so that an administrator can see why, and repeat the question.
 */
export interface Evidence {
  /** `user/get`: 60121 or 33012; 0 of somebody who is there. */
  readonly code: number;
  /** Who was asked about, in the application's organization. */
  readonly userid: string;
  /** When, in ms since 1970. */
  readonly askedAt: number;
  /** DingTalk's id of that request, as its support asks for it. */
  readonly requestId?: string;
  /** A colleague who was there within the same minute, by the same application: so it was not the application's scope. */
  readonly witness?: { readonly userid: string; readonly askedAt: number };
  /** DingTalk's record of the leaving, where the application may read it. */
  readonly record?: { readonly leftAt: number; readonly reason: string };
}

/** "No such person": https://open.dingtalk.com/document/development/query-user-details */
const NO_SUCH_PERSON: readonly number[] = [60121, 33012];
const SAME_MINUTE_MS = 60_000;

/**
 * Whether somebody may be locked by it. Whoever finds evidence makes it so; a book that is told of it by another program looks all
 * the same, as a version with a mistake would lock whom nobody said to have left.
 */
export function isOfLeaving({ code, userid, askedAt, witness }: Evidence): boolean {
  return (
    NO_SUCH_PERSON.includes(code) &&
    witness !== undefined &&
    witness.userid !== userid &&
    Math.abs(askedAt - witness.askedAt) <= SAME_MINUTE_MS
  );
}

/** Why we ask: what we heard. */
export const ORIGINS = ['event', 'record', 'night', 'administrator', 'command'] as const;
export type Origin = (typeof ORIGINS)[number];

/** What DingTalk's answer amounts to. Only `left` can lock anybody. */
export type Finding =
  /** In the organization, with the same unionId. */
  | { readonly kind: 'here'; readonly userid: string; readonly evidence: Evidence }
  | { readonly kind: 'left'; readonly evidence: Evidence }
  /** Nothing is known: outside the scope, no permission, no witness, an error, somebody else's userid. Told, never acted on. */
  | { readonly kind: 'unclear'; readonly why: Unclear; readonly detail?: string };

export const UNCLEAR = [
  /** 50002: DingTalk does not show the person to this application. */
  'out_of_scope',
  /** 60121 or 33012, and no colleague whom DingTalk knows within the same minute. */
  'no_witness',
  /** The userid has another unionId now: it was given again, or the account was migrated. */
  'userid_of_another',
  /** Bound before we knew a userid, and DingTalk knows no employee by this unionId. */
  'never_known',
  /** The application lacks the permission (60011). */
  'no_permission',
  /** 60020, or the answer of a firewall. */
  'address_refused',
  /** The application's Client ID or Client Secret is wrong. */
  'credentials_refused',
  /** DingTalk is slow, busy, away, or said what we cannot read. */
  'no_answer',
] as const;
export type Unclear = (typeof UNCLEAR)[number];
