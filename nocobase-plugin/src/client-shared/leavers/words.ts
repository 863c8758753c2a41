import type { EventWay, LeaverMode, Origin, Unclear } from '../../../../src/core/leavers/index.js';
import type { Text } from '../text.js';
import type { AuthenticatorStatus, LockLine, Reply, ReportKind, Trouble } from './admin-api.js';

/** The server's codes in words. Unknown codes come from a newer server and are not shown. */
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
  none: 'Connection status not reported yet',
  connected: 'Connected',
  disconnected: 'Not connected. The connection is retried; until then DingTalk is asked every few minutes.',
} as const satisfies Record<AuthenticatorStatus['stream'], Text>;

/** What was being requested when the problem occurred. */
export const ASKED_FOR = {
  members: 'DingTalk cannot be asked whether people are in the organization. Nobody is locked until this is fixed.',
  records: "DingTalk's leave records cannot be read. Without events, people who leave are found only at night.",
  stream: 'No events arrive from DingTalk.',
} as const satisfies Record<Trouble['what'], Text>;

export const REASONS = {
  out_of_scope: 'DingTalk does not show this person to the application. Widen its contact scope.',
  no_witness:
    'DingTalk says that they have left, but showed no colleague in the same minute: the application itself may see nobody.',
  userid_of_another: 'Their userid now belongs to someone else.',
  never_known: 'They were linked before their userid was known, and DingTalk finds no employee for this binding.',
  no_permission: 'The application lacks a permission.',
  address_refused: "DingTalk refuses this server's address: check the allowed addresses in its developer console.",
  credentials_refused: 'DingTalk does not accept Client ID and Client Secret.',
  no_answer: 'DingTalk did not respond properly. It will be asked again.',
} as const satisfies Record<Unclear, Text>;

export const REPORTS = {
  locked: 'Has left. The account is locked.',
  already_locked: 'Has left. The account was already locked.',
  reported: 'Has left. Nobody is locked: report only, or an administrator unlocked the account.',
  elsewhere: 'Has left this organization, but is still in another one. Not locked.',
  protected: 'Has left, but the account is protected and never locked automatically. The decision is yours.',
  paused: 'Has left, but so many at once is unusual: awaits your decision.',
  refused: 'Has left. At most half of all people, or ten, are locked within an hour: awaits your decision.',
  gone: 'The binding no longer exists.',
  unclear: 'Unclear. Nobody is locked for this.',
  returned: 'Has returned. The account is unlocked.',
  locked_by_hand: 'Locked by hand',
  unlocked_by_hand: 'Unlocked by hand',
  went_on: 'Checking of the waiting people was resumed',
} as const satisfies Record<ReportKind, Text>;

/** The results of a check that an administrator requested. */
const {
  returned: _returned,
  locked_by_hand: _locked,
  unlocked_by_hand: _unlocked,
  went_on: _wentOn,
  ...CONCLUDED
} = REPORTS;
export const ANSWERS = {
  ...CONCLUDED,
  asked: 'DingTalk is being asked. The answer will appear as a report.',
  here: 'Is in the organization.',
} as const satisfies Record<Reply['answer'], Text>;

export const SOURCES = {
  event: 'An event from DingTalk',
  record: "DingTalk's leave records",
  night: 'The nightly check',
  administrator: 'An administrator asked',
  command: 'The command leavers',
} as const satisfies Record<Origin, Text>;

export const LOCKED_BY = {
  ours: 'Has left, according to DingTalk',
  by_hand: 'By hand',
} as const satisfies Record<LockLine['origin'], Text>;

/** The page's two lists. */
export const LISTS = {
  locks: {
    title: 'Locked accounts',
    none: 'Nobody is locked.',
    noneFound: 'No locked account matches this name or ID.',
    head: ['User', 'Why', 'Since', 'Evidence', 'Actions'],
  },
  reports: {
    title: 'Reports',
    none: 'There are no reports yet. They are kept for 90 days.',
    noneFound: 'No report matches this name or ID.',
    head: ['When', 'User', 'What happened', 'Evidence', 'Actions'],
  },
} as const satisfies Record<string, { title: Text; none: Text; noneFound: Text; head: readonly Text[] }>;

/** `leaveReason` in DingTalk's records. */
export const LEFT_BY: Readonly<Record<string, Text>> = {
  leave: 'left voluntarily',
  delete: 'removed by an administrator',
  cancel: 'account closed',
  oapi: 'removed by a program',
};
