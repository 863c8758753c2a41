import { filledIn } from '../filled-in.js';
import type { Language } from '../text.js';
import type { AuthenticatorStatus, Line, LockLine, Reply, ReportLine, Trouble } from './admin-api.js';
import { ANSWERS, ASKED_FOR, EVENTS, LEFT_BY, LOCKED_BY, MODES, REASONS, REPORTS, SOURCES, STREAM } from './words.js';

/** Dates and times in the reader's time zone. */
export type Clock = (moment: number) => string;

export function clockOf({ lang }: Pick<Language, 'lang'>): Clock {
  const locale = lang === 'zh' ? 'zh-CN' : 'en';
  return (moment) => new Date(moment).toLocaleString(locale, { hour12: false });
}

type T = Language['t'];

/** `Li Lei (12)`; without the name if NocoBase no longer has the user. */
export function whoIs({ userId, nickname }: Pick<Line, 'userId' | 'nickname'>): string {
  return nickname === null ? String(userId) : `${nickname} (${userId})`;
}

/** The facts about one authenticator, line by line. */
export function statusLines(status: AuthenticatorStatus, t: T, clock: Clock): readonly string[] {
  const { mode, events, stream, bound, withUserid, nightEndedAt, progress } = status;
  const line = (setting: string, value: string): string => filledIn(t('{setting}: {value}'), { setting, value });
  const heard = t(EVENTS[events]);
  return [
    line(t('When someone leaves the organization'), t(MODES[mode])),
    ...(mode === 'off'
      ? []
      : [
          line(
            t('How DingTalk reports it'),
            events === 'stream' ? filledIn(t('{method}. {state}'), { method: heard, state: t(STREAM[stream]) }) : heard,
          ),
          filledIn(t('Linked people: {bound}. With a known userid: {known}.'), { bound, known: withUserid }),
          nightEndedAt === null
            ? t('The first full check has not been completed: it runs at night.')
            : filledIn(t('Last full check: {time}'), { time: clock(nightEndedAt) }),
          ...(progress === null
            ? []
            : [filledIn(t('Full check in progress: {done} of {of}'), { done: progress.done, of: progress.of })]),
        ]),
  ];
}

/** What does not work and what to do: the problem in the first line, the remedy in the others. */
export function troubleLines({ what, why, detail, permission, since }: Trouble, t: T, clock: Clock): readonly string[] {
  return [
    t(ASKED_FOR[what]),
    t(REASONS[why]),
    ...(permission === null ? [] : [filledIn(t('Permission: {permission}'), { permission })]),
    ...texts(detail),
    ...(since > 0 ? [filledIn(t('Since {time}'), { time: clock(since) })] : []),
  ];
}

/** Why a user is locked, and by whom. */
export function whyLocked(line: LockLine, t: T): readonly string[] {
  return [t(LOCKED_BY[line.origin]), ...causes(line, t)];
}

/** A repeated event is reported in the same line. */
export function whenReported({ since, at }: Pick<ReportLine, 'since' | 'at'>, t: T, clock: Clock): readonly string[] {
  return [clock(at), ...(since > 0 && since < at ? [filledIn(t('First on {time}'), { time: clock(since) })] : [])];
}

/** What happened to a person, and why. */
export function whatWasReported({ kind, why, detail, ...line }: ReportLine, t: T): readonly string[] {
  return [t(REPORTS[kind]), ...(why === null ? [] : [t(REASONS[why])]), ...texts(detail), ...causes(line, t)];
}

function causes(
  {
    source,
    authenticator,
    byUserId,
    byNickname,
  }: Pick<LockLine, 'source' | 'authenticator' | 'byUserId' | 'byNickname'>,
  t: T,
): readonly string[] {
  const where = authenticator === null ? '' : ` (${authenticator})`;
  return [
    ...(source === null ? [] : [t(SOURCES[source]) + where]),
    ...(byUserId === null ? [] : [filledIn(t('By {who}'), { who: whoIs({ userId: byUserId, nickname: byNickname }) })]),
  ];
}

/** DingTalk's answer, so that the administrator or DingTalk's support can look into it. */
export function evidenceLines(evidence: Line['evidence'], t: T, clock: Clock): readonly string[] {
  if (evidence === null) return [];
  const { code, userid, askedAt, requestId, witness, record } = evidence;
  const reason = record === undefined ? undefined : LEFT_BY[record.reason];
  return [
    filledIn(t('DingTalk answered {code} for the userid {userid}, {time}'), { code, userid, time: clock(askedAt) }),
    ...(witness === undefined
      ? []
      : [
          filledIn(t('In the same minute it showed the colleague {userid}, {time}'), {
            userid: witness.userid,
            time: clock(witness.askedAt),
          }),
        ]),
    ...(record === undefined
      ? []
      : [
          filledIn(t('Its record: left {time}, {reason}'), {
            time: clock(record.leftAt),
            reason: reason === undefined ? record.reason : t(reason),
          }),
        ]),
    ...(requestId === undefined ? [] : [`${t('Request ID')} ${requestId}`]),
  ];
}

/** The result of checking one person: a line for each authenticator that they are bound at. */
export function answerLines(answers: readonly Reply[], t: T): readonly string[] {
  return answers.map(({ authenticator, answer, why, detail }) =>
    [`${authenticator}: ${t(ANSWERS[answer])}`, ...(why === null ? [] : [t(REASONS[why])]), ...texts(detail)].join(' '),
  );
}

function texts(detail: string | null): readonly string[] {
  return detail === null ? [] : [detail];
}

/** A user id as typed. @returns undefined if it is not one */
export function userIdIn(typed: string): number | undefined {
  const digits = /^\s*([1-9]\d*)\s*$/.exec(typed)?.[1];
  const id = Number(digits);
  return Number.isSafeInteger(id) ? id : undefined;
}
