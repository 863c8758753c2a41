import { isRecord, isText } from '../../../../src/core/browser/index.js';
import { messageOf } from '../api-error.js';
import type { ClientApp } from '../client-app.js';
import type { AuthenticatorStatus, Line, LockLine, Reply, ReportLine, Status, Trouble } from './admin-api.js';
import { ANSWERS, ASKED_FOR, EVENTS, LOCKED_BY, MODES, REASONS, REPORTS, SOURCES, STREAM } from './words.js';

export const PAGE_SIZE = 20;

/** Result of a call: the value, or NocoBase's explanation of the failure, which may be empty. */
export type Answer<Value> =
  | { readonly isThere: true; readonly value: Value }
  | { readonly isThere: false; readonly why: string };

/** Performs an action that may change locks, and reports its result. */
export type Run = <Value>(
  action: () => Promise<Answer<Value>>,
  words: (value: Value) => readonly string[],
) => Promise<void>;

/** One page of a list. */
export interface Lines<Row> {
  readonly lines: readonly Row[];
  readonly total: number;
}

type Said = Readonly<Record<string, unknown>>;

export async function fetchStatus(app: ClientApp): Promise<Answer<Status>> {
  return call(app, { action: 'status' }, (data) => ({
    authenticators: rowsIn(data['authenticators'], authenticatorIn),
    locked: countIn(data['locked']),
  }));
}

export interface Wanted {
  readonly page: number;
  readonly search: string;
}

export async function fetchLocks(app: ClientApp, wanted: Wanted): Promise<Answer<Lines<LockLine>>> {
  return list(app, 'locks', wanted, lockIn);
}

export async function fetchReports(app: ClientApp, wanted: Wanted): Promise<Answer<Lines<ReportLine>>> {
  return list(app, 'reports', wanted, reportIn);
}

export async function lock(app: ClientApp, userId: number): Promise<Answer<'locked' | 'already'>> {
  return call(app, { action: 'lock', body: { userId } }, ({ outcome }) =>
    outcome === 'locked' || outcome === 'already' ? outcome : undefined,
  );
}

export async function unlock(app: ClientApp, userId: number): Promise<Answer<'unlocked' | 'was_not_locked'>> {
  return call(app, { action: 'unlock', body: { userId } }, ({ outcome }) =>
    outcome === 'unlocked' || outcome === 'was_not_locked' ? outcome : undefined,
  );
}

export async function ask(app: ClientApp, userId: number): Promise<Answer<readonly Reply[]>> {
  return call(app, { action: 'ask', body: { userId } }, (data) => rowsIn(data['answers'], answerIn));
}

/** @returns how many people are checked again */
export async function goOn(app: ClientApp, authenticator: string): Promise<Answer<number>> {
  return call(app, { action: 'goOn', body: { authenticator } }, ({ count }) => countIn(count));
}

async function list<Row>(
  app: ClientApp,
  kind: 'locks' | 'reports',
  { page, search }: Wanted,
  lineIn: (row: Said) => Row | undefined,
): Promise<Answer<Lines<Row>>> {
  const params = { kind, page, pageSize: PAGE_SIZE, ...(search === '' ? {} : { search }) };
  return call(app, { action: 'list', params }, (data) => ({
    lines: rowsIn(data['lines'], lineIn),
    total: countIn(data['total']),
  }));
}

/** @param read undefined for an answer in an unknown format */
async function call<Value>(
  app: ClientApp,
  { action, params, body }: { action: string; params?: object; body?: object },
  read: (data: Said) => Value | undefined,
): Promise<Answer<Value>> {
  try {
    const { data } = await app.apiClient.request({
      url: `dingtalkLeavers:${action}`,
      method: body === undefined ? 'get' : 'post',
      ...(params === undefined ? {} : { params }),
      ...(body === undefined ? {} : { data: body }),
      skipNotify: true,
    });
    const said = isRecord(data) && isRecord(data['data']) ? data['data'] : undefined;
    const value = said === undefined ? undefined : read(said);
    return value === undefined ? { isThere: false, why: '' } : { isThere: true, value };
  } catch (error) {
    return { isThere: false, why: messageOf(error) ?? '' };
  }
}

function authenticatorIn(row: Said): AuthenticatorStatus | undefined {
  const { name, title, by, mode, events, stream, progress } = row;
  if (!isText(name) || !isOneOf(MODES, mode) || !isOneOf(EVENTS, events)) return undefined;
  return {
    name,
    title: isText(title) ? title : name,
    enabled: row['enabled'] === true,
    by: by === 'gateway' ? 'gateway' : 'nocobase',
    mode,
    events,
    stream: oneOf(STREAM, stream) ?? 'none',
    troubles: rowsIn(row['troubles'], troubleIn),
    nightEndedAt: momentIn(row['nightEndedAt']),
    progress: isRecord(progress) ? { done: countIn(progress['done']), of: countIn(progress['of']) } : null,
    paused: countIn(row['paused']),
    bound: countIn(row['bound']),
    withUserid: countIn(row['withUserid']),
  };
}

function answerIn({ authenticator, answer, why, detail }: Said): Reply | undefined {
  if (!isText(authenticator) || !isOneOf(ANSWERS, answer)) return undefined;
  return { authenticator, answer, why: oneOf(REASONS, why), detail: textIn(detail) };
}

function troubleIn(row: Said): Trouble | undefined {
  const { what, why, detail, permission, grantAt, since } = row;
  if (!isOneOf(ASKED_FOR, what) || !isOneOf(REASONS, why)) return undefined;
  return {
    what,
    why,
    detail: textIn(detail),
    permission: textIn(permission),
    grantAt: textIn(grantAt),
    since: countIn(since),
  };
}

function lockIn(row: Said): LockLine | undefined {
  const { id, userId, origin } = row;
  if (!isCount(id) || !isCount(userId) || !isOneOf(LOCKED_BY, origin)) return undefined;
  return { id, userId, origin, ...commonIn(row) };
}

function reportIn(row: Said): ReportLine | undefined {
  const { id, userId, kind, why, detail, since } = row;
  if (!isCount(id) || !isCount(userId) || !isOneOf(REPORTS, kind)) return undefined;
  return {
    id,
    userId,
    kind,
    why: oneOf(REASONS, why),
    detail: textIn(detail),
    since: countIn(since),
    ...commonIn(row),
  };
}

function commonIn(row: Said): Omit<Line, 'id' | 'userId'> {
  const { nickname, source, authenticator, evidence, at, byUserId, byNickname } = row;
  return {
    nickname: textIn(nickname),
    source: oneOf(SOURCES, source),
    authenticator: textIn(authenticator),
    evidence: evidenceIn(evidence),
    at: countIn(at),
    byUserId: isCount(byUserId) ? byUserId : null,
    byNickname: textIn(byNickname),
  };
}

function evidenceIn(value: unknown): Line['evidence'] {
  if (!isRecord(value)) return null;
  const { code, userid, askedAt, requestId, witness, record } = value;
  if (!isCount(code) || !isText(userid)) return null;
  return {
    code,
    userid,
    askedAt: countIn(askedAt),
    ...(isText(requestId) ? { requestId } : {}),
    ...(isRecord(witness) && isText(witness['userid'])
      ? { witness: { userid: witness['userid'], askedAt: countIn(witness['askedAt']) } }
      : {}),
    ...(isRecord(record) && isText(record['reason'])
      ? { record: { leftAt: countIn(record['leftAt']), reason: record['reason'] } }
      : {}),
  };
}

/** Skips entries that cannot be read: a newer server may return more. */
function rowsIn<Row>(value: unknown, read: (row: Said) => Row | undefined): readonly Row[] {
  const rows: Row[] = [];
  for (const said of Array.isArray(value) ? value.filter(isRecord) : []) {
    const row = read(said);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function isOneOf<Words extends object>(words: Words, value: unknown): value is keyof Words {
  return typeof value === 'string' && Object.keys(words).includes(value);
}

function oneOf<Words extends object>(words: Words, value: unknown): keyof Words | null {
  return isOneOf(words, value) ? value : null;
}

function textIn(value: unknown): string | null {
  return isText(value) ? value : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function countIn(value: unknown): number {
  return isCount(value) ? value : 0;
}

function momentIn(value: unknown): number | null {
  return isCount(value) && value > 0 ? value : null;
}
