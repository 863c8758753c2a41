import type { Urgency } from './pace.js';

/** DingTalk's only codes for "no such person in this organization". */
export type GoneCode = 60121 | 33012;

/** DingTalk's request id, which its support asks for. */
interface Numbered {
  readonly requestId: string | undefined;
}

/** The response of `user/get` about a userid. */
export type MemberAnswer = Numbered &
  ({ readonly code: 0; readonly userid: string; readonly unionId: string } | { readonly code: GoneCode });

/** The response of `getbyunionid` about a unionId; an external contact is no employee. */
export type EmployeeAnswer = Numbered &
  ({ readonly code: 0; readonly userid: string; readonly isEmployee: boolean } | { readonly code: GoneCode });

export interface LeaveRecord {
  readonly userid: string;
  /** In ms since 1970; undefined if DingTalk's text is no date. */
  readonly leftAt: number | undefined;
  readonly reason: string;
}

export interface LeaveRecords {
  readonly records: readonly LeaveRecord[];
  /** Of the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** The calls that share one access token, and therefore one application and one scope. */
export interface Questions {
  /** @throws anything that does not answer: scope, permission, IP allow-list, no response */
  member(userid: string): Promise<MemberAnswer>;
  employee(unionId: string): Promise<EmployeeAnswer>;
  /** Userids of administrators, main ones first. Not limited by the application's scope. */
  administrators(): Promise<readonly string[]>;
}

/** The organization's directory, for finding leavers. It makes no decisions. */
export interface Directory {
  /** Retried once as a whole if DingTalk no longer accepts the token. */
  ask<T>(urgency: Urgency, work: (questions: Questions) => Promise<T>): Promise<T>;
  /** @param between ms since 1970, at most 365 days apart; `page` is `next` of the previous page */
  leaveRecords(between: readonly [from: number, to: number], page?: string): Promise<LeaveRecords>;
  /** Changes when an administrator changes the application's scope. */
  scopeFingerprint(): Promise<string>;
}
