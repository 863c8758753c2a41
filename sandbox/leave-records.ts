import { invalidAuthentication, missingTokenHeader, v1Error, v1PermissionDenied } from './errors.js';
import { jsonAnswer, type Answer, type Call } from './http.js';
import type { State } from './state.js';
import type { App, Departure } from './world.types.js';

const PERMISSION = 'Contact.Common.Read';
const LARGEST_PAGE = 50;
const LONGEST_WINDOW_MS = 365 * 24 * 3_600_000;

/**
 * GET /v1.0/contact/empLeaveRecords:
 * https://open.dingtalk.com/document/development/query-the-details-of-employees-who-have-left-office. The error codes are the
 * sandbox's own choice: the page documents none.
 */
export function listLeaveRecords(call: Call, state: State): Answer {
  const token = call.headers['x-acs-dingtalk-access-token'];
  if (typeof token !== 'string' || token === '') return missingTokenHeader(call);
  const app = state.world.apps.get(state.tokens.appOf(token) ?? '');
  if (!app) return invalidAuthentication(call);
  if (!app.permissions[PERMISSION]) return v1PermissionDenied(call, PERMISSION);
  const asked = readQuestion(call.query);
  if ('wrong' in asked) return v1Error(call, 400, `invalidParameter.${asked.wrong}`, `${asked.wrong} is not valid.`);
  const { from, to, offset, size } = asked;
  const records = state.world.staff.departures.filter(
    ({ membership, at }) => membership.corpId === app.corpId && wholeSecond(at) >= from && wholeSecond(at) <= to,
  );
  const end = offset + size;
  return jsonAnswer(200, {
    ...(records.length > end && { nextToken: tokenOf(end) }),
    records: records.slice(offset, end).map((departure) => recordOf(state, app, departure)),
  });
}

type Question = { from: number; to: number; offset: number; size: number } | { wrong: string };

function readQuestion(query: URLSearchParams): Question {
  const from = momentIn(query.get('startTime'));
  if (from === undefined) return { wrong: 'startTime' };
  const to = query.has('endTime') ? momentIn(query.get('endTime')) : from + LONGEST_WINDOW_MS;
  if (to === undefined || to < from || to - from > LONGEST_WINDOW_MS) return { wrong: 'endTime' };
  const offset = offsetOf(query.get('nextToken') ?? '');
  if (offset === undefined) return { wrong: 'nextToken' };
  const size = Number(query.get('maxResults'));
  return Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE
    ? { from, to, offset, size }
    : { wrong: 'maxResults' };
}

/** As in the samples: 2026-09-30T10:02:11Z. */
function momentIn(value: string | null): number | undefined {
  return value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) || undefined : undefined;
}

/** `0` requests the first page; any other token is opaque to clients. */
const tokenOf = (offset: number): string => Buffer.from(`page-${offset}`).toString('hex').toUpperCase();

function offsetOf(token: string): number | undefined {
  if (token === '0') return 0;
  const digits = /^page-(\d{1,9})$/.exec(Buffer.from(token, 'hex').toString())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function recordOf({ world }: State, { permissions }: App, { personId, membership, reason, at }: Departure): object {
  const { name, mobile, stateCode } = world.person(personId);
  return {
    userId: membership.userId,
    name,
    ...(permissions.fieldMobile && mobile && { stateCode, mobile }),
    leaveTime: new Date(wholeSecond(at)).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    leaveReason: reason,
  };
}

const wholeSecond = (at: number): number => at - (at % 1000);
