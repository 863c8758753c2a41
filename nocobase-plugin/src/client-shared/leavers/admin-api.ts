import type {
  Conclusion,
  Evidence,
  EventWay,
  LeaverMode,
  Origin,
  Unclear,
} from '../../../../src/core/leavers/index.js';

/**
 * What the server tells an administrator about people who left, as declared in the server's `leavers/admin-api.ts`; importing its
 * types would bring the server's libraries along. `test/leavers-page.spec.ts` compares the two.
 */
export interface Status {
  readonly authenticators: readonly AuthenticatorStatus[];
  /** Number of users who are currently locked. */
  readonly locked: number;
}

export interface AuthenticatorStatus {
  readonly name: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly by: 'nocobase' | 'gateway';
  readonly mode: LeaverMode;
  readonly events: EventWay;
  readonly stream: 'none' | 'connected' | 'disconnected';
  readonly troubles: readonly Trouble[];
  readonly nightEndedAt: number | null;
  readonly progress: { readonly done: number; readonly of: number } | null;
  /** Number of people held by the brake. */
  readonly paused: number;
  readonly bound: number;
  readonly withUserid: number;
}

export interface Trouble {
  readonly what: 'members' | 'records' | 'stream';
  readonly why: Unclear;
  readonly detail: string | null;
  readonly permission: string | null;
  readonly grantAt: string | null;
  readonly since: number;
}

/** One page of a list. */
export interface Line {
  readonly id: number;
  readonly userId: number;
  /** Undefined if the user no longer exists. */
  readonly nickname: string | null;
  /** Why DingTalk was queried. */
  readonly source: Origin | null;
  readonly authenticator: string | null;
  readonly evidence: Evidence | null;
  readonly at: number;
  readonly byUserId: number | null;
  readonly byNickname: string | null;
}

export interface LockLine extends Line {
  readonly origin: 'ours' | 'by_hand';
}

export type ReportKind = Conclusion | 'unclear' | 'returned' | 'locked_by_hand' | 'unlocked_by_hand' | 'went_on';

export interface ReportLine extends Line {
  readonly kind: ReportKind;
  /** When it was first reported; `at`: most recently. */
  readonly since: number;
  readonly why: Unclear | null;
  readonly detail: string | null;
}

/** The result of checking one person, at one authenticator that they are bound at. */
export interface Reply {
  readonly authenticator: string;
  readonly answer: 'asked' | 'here' | 'unclear' | Conclusion;
  readonly why: Unclear | null;
  readonly detail: string | null;
}
