import type { Urgency } from './pace.js';

/** DingTalk's codes for "no such person in this organization": the only ones. */
export type GoneCode = 60121 | 33012;

/** DingTalk's id of the request, as its support asks for it. */
interface Numbered {
  readonly requestId: string | undefined;
}

/** What `user/get` says of a userid. */
export type MemberAnswer = Numbered &
  ({ readonly code: 0; readonly userid: string; readonly unionId: string } | { readonly code: GoneCode });

/** What `getbyunionid` says of a unionId; an external contact is no employee. */
export type EmployeeAnswer = Numbered &
  ({ readonly code: 0; readonly userid: string; readonly isEmployee: boolean } | { readonly code: GoneCode });

export interface LeaveRecord {
  readonly userid: string;
  /** In ms since 1970; undefined where DingTalk's text is none. */
  readonly leftAt: number | undefined;
  readonly reason: string;
}

export interface LeaveRecords {
  readonly records: readonly LeaveRecord[];
  /** Of the next page; undefined: this was the last. */
  readonly next: string | undefined;
}

/** What can be asked with one access token, so by one application with one scope. */
export interface Questions {
  /** @throws whatever says nothing about the person: scope, permission, address list, no answer */
  member(userid: string): Promise<MemberAnswer>;
  employee(unionId: string): Promise<EmployeeAnswer>;
  /** Userids of administrators, main ones first. Not limited by the application's scope. */
  administrators(): Promise<readonly string[]>;
}

/** The organization's directory, as whoever looks for people who left asks it. Nothing is judged here. */
export interface Directory {
  /** Once more, as a whole, where DingTalk has forgotten the token. */
  ask<T>(urgency: Urgency, work: (questions: Questions) => Promise<T>): Promise<T>;
  /** @param between ms since 1970, at most 365 days apart; `page` is `next` of the page before */
  leaveRecords(between: readonly [from: number, to: number], page?: string): Promise<LeaveRecords>;
  /** Changes when an administrator changes whom the application may see. */
  scopeFingerprint(): Promise<string>;
}
