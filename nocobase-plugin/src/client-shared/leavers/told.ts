import type {
  Conclusion,
  Evidence,
  EventWay,
  LeaverMode,
  Origin,
  Unclear,
} from '../../../../src/core/leavers/index.js';

/**
 * What the server tells an administrator of people who left: as `leavers/admin-api.ts` of the server has it, whose own types
 * would bring its libraries along. `test/leavers-page.spec.ts` compares both.
 */
export interface Status {
  readonly authenticators: readonly AuthenticatorStatus[];
  /** How many users are locked now. */
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
  /** How many the brake holds. */
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

/** Of a list. */
export interface Line {
  readonly id: number;
  readonly userId: number;
  /** None where the user is gone. */
  readonly nickname: string | null;
  /** Why DingTalk was asked. */
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
  /** When it was told first; `at`: last. */
  readonly since: number;
  readonly why: Unclear | null;
  readonly detail: string | null;
}

/** What came of a question about one person, at one authenticator that links them. */
export interface Reply {
  readonly authenticator: string;
  readonly answer: 'asked' | 'here' | 'unclear' | Conclusion;
  readonly why: Unclear | null;
  readonly detail: string | null;
}
