import type { EventWay, LeaverMode, Origin, Unclear } from '../../../../src/core/leavers/index.js';
import type { Text } from '../text.js';
import type { AuthenticatorStatus, LockLine, Reply, ReportKind, Trouble } from './told.js';

/** What the server tells in codes, in words. A code that is in none of these lists is of a newer server: it is not shown. */
export const MODES = {
  off: 'Do nothing',
  report: 'Report only',
  lock: 'Lock the account',
} as const satisfies Record<LeaverMode, Text>;

export const EVENTS = {
  off: 'Only by asking',
  stream: 'Stream push',
  push: 'HTTP push',
} as const satisfies Record<EventWay, Text>;

export const STREAM = {
  none: 'Whether it is connected has not been told yet',
  connected: 'Connected',
  disconnected: 'Not connected. It is tried again and again; until then DingTalk is asked every few minutes.',
} as const satisfies Record<AuthenticatorStatus['stream'], Text>;

/** What was asked for when something did not work. */
export const ASKED_FOR = {
  members: 'Whether people are in the organization cannot be asked. Nobody is locked until this is put right.',
  records: 'The records of people who left cannot be read. Without events, people who leave are found at night only.',
  stream: 'Events of DingTalk do not come.',
} as const satisfies Record<Trouble['what'], Text>;

export const REASONS = {
  out_of_scope: 'DingTalk does not show this person to the application. Widen its contact scope.',
  no_witness:
    'DingTalk says that they left, but showed no colleague in the same minute: it may be the application that sees nobody.',
  userid_of_another: 'Their userid belongs to somebody else now.',
  never_known: 'They were linked before their userid was known, and DingTalk knows no employee by this link.',
  no_permission: 'The application lacks a permission.',
  address_refused: "DingTalk refuses this server's address: look at the allowed addresses in its developer console.",
  credentials_refused: 'DingTalk does not accept Client ID and Client Secret.',
  no_answer: 'DingTalk gave no usable answer. It is asked again.',
} as const satisfies Record<Unclear, Text>;

export const REPORTS = {
  locked: 'Has left. The account is locked.',
  already_locked: 'Has left. The account was locked before.',
  reported: 'Has left. Nobody is locked: report only, or an administrator let them in again.',
  elsewhere: 'Has left this organization, but not another one of theirs. Not locked.',
  protected: 'Has left, but the account is protected and never locked by itself. Decide yourself.',
  paused: 'Has left, but so many at once are unusual: waits for your word.',
  refused: 'Not locked: more than half of all people at once are never locked by a program.',
  gone: 'The link is no longer there.',
  unclear: 'Unclear. Nobody is locked for this.',
  returned: 'Is back. The account is unlocked.',
  locked_by_hand: 'Locked by hand',
  unlocked_by_hand: 'Unlocked by hand',
  went_on: 'Those who waited may be looked at again',
} as const satisfies Record<ReportKind, Text>;

/** Of a question that an administrator asked. */
const {
  returned: _returned,
  locked_by_hand: _locked,
  unlocked_by_hand: _unlocked,
  went_on: _wentOn,
  ...CONCLUDED
} = REPORTS;
export const ANSWERS = {
  ...CONCLUDED,
  asked: 'DingTalk is being asked. The answer comes as a report.',
  here: 'Is in the organization.',
} as const satisfies Record<Reply['answer'], Text>;

export const SOURCES = {
  event: 'An event of DingTalk',
  record: "DingTalk's records of people who left",
  night: 'The nightly look',
  administrator: 'An administrator asked',
  command: 'The command leavers',
} as const satisfies Record<Origin, Text>;

export const LOCKED_BY = {
  ours: 'DingTalk says that they left',
  by_hand: 'By hand',
} as const satisfies Record<LockLine['origin'], Text>;

/** The two lists of the page. */
export const LISTS = {
  locks: {
    title: 'Locked accounts',
    none: 'Nobody is locked.',
    noneFound: 'Nobody by this name or id is locked.',
    head: ['User', 'Why', 'Since', 'Evidence', 'Actions'],
  },
  reports: {
    title: 'Reports',
    none: 'There are no reports yet. They are kept for 90 days.',
    noneFound: 'No report about this name or id.',
    head: ['When', 'User', 'What happened', 'Evidence', 'Actions'],
  },
} as const satisfies Record<string, { title: Text; none: Text; noneFound: Text; head: readonly Text[] }>;

/** `leaveReason` of DingTalk's records. */
export const LEFT_BY: Readonly<Record<string, Text>> = {
  leave: 'by their own wish',
  delete: 'removed by an administrator',
  cancel: 'account closed',
  oapi: 'removed by a program',
};
