/**
 * What DingTalk said about a person, and what made that credible. Ids and codes only: no name, no number. It is stored
 * with a lock, so that an administrator can see the reason and repeat the check.
 */
export interface Evidence {
  /** `user/get`: 60121 or 33012; 0 for a member. */
  readonly code: number;
  /** The person asked about, in the application's organization. */
  readonly userid: string;
  /** When, in ms since 1970. */
  readonly askedAt: number;
  /** DingTalk's request id, which its support asks for. */
  readonly requestId?: string;
  /** A colleague shown within the same minute to the same application, which rules out the application's scope. */
  readonly witness?: { readonly userid: string; readonly askedAt: number };
  /** DingTalk's leave record, if the application may read it. */
  readonly record?: { readonly leftAt: number; readonly reason: string };
}

/** "No such person": https://open.dingtalk.com/document/development/query-user-details */
const NO_SUCH_PERSON: readonly number[] = [60121, 33012];
const SAME_MINUTE_MS = 60_000;

/**
 * Whether the evidence justifies a lock. Its producer ensures that; a book that receives it from another program checks
 * it anyway, because a faulty version would lock people without evidence.
 */
export function isOfLeaving({ code, userid, askedAt, witness }: Evidence): boolean {
  return (
    NO_SUCH_PERSON.includes(code) &&
    witness !== undefined &&
    witness.userid !== userid &&
    Math.abs(askedAt - witness.askedAt) <= SAME_MINUTE_MS
  );
}

/** What prompted the question. */
export const ORIGINS = ['event', 'record', 'night', 'administrator', 'command'] as const;
export type Origin = (typeof ORIGINS)[number];

/** The result of DingTalk's answer. Only `left` can lock a user. */
export type Finding =
  /** In the organization, with the same unionId. */
  | { readonly kind: 'here'; readonly userid: string; readonly evidence: Evidence }
  | { readonly kind: 'left'; readonly evidence: Evidence }
  /**
   * Nothing is known: outside the scope, no permission, no witness, an error, another person's userid. Reported, never
   * acted on.
   */
  | { readonly kind: 'unclear'; readonly why: Unclear; readonly detail?: string };

export const UNCLEAR = [
  /** 50002: DingTalk does not show the person to this application. */
  'out_of_scope',
  /** 60121 or 33012, and no colleague whom DingTalk shows within the same minute. */
  'no_witness',
  /** The userid has another unionId now: it was reassigned, or the account was migrated. */
  'userid_of_another',
  /** Bound before a userid was known, and DingTalk knows no employee by this unionId. */
  'never_known',
  /** The application lacks the permission (60011). */
  'no_permission',
  /** 60020, or a firewall's response. */
  'address_refused',
  /** The application's Client ID or Client Secret is wrong. */
  'credentials_refused',
  /** DingTalk is slow, busy, down, or sent something unreadable. */
  'no_answer',
] as const;
export type Unclear = (typeof UNCLEAR)[number];
