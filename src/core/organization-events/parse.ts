import { createHash } from 'node:crypto';
import type { OrganizationEvent } from '../leavers/index.js';

/** Limit for one event; further ids are dropped, and the nightly check finds them. */
export const MAX_IDS = 1000;
const MAX_ID_LENGTH = 64;
const MAX_EVENT_ID_LENGTH = 128;

/** DingTalk did not exist earlier; and no event happens later than a day from now. */
const EARLIEST = Date.UTC(2014, 0, 1);
const DAY_MS = 86_400_000;

/** https://open.dingtalk.com/document/development/address-book-user-resignation and its siblings. */
const KINDS: Partial<Record<string, OrganizationEvent['kind']>> = {
  user_leave_org: 'left',
  user_add_org: 'joined',
  // Sent to internal applications, too, when an account is activated for the first time.
  user_active_org: 'joined',
};

const USER_IDS = ['userid', 'userids', 'useridlist'];
const TIMES = ['eventborntime', 'timestamp', 'eventtime', 'time'];

/** The content of a delivery, by lower-case keys: their letter case varies between deliveries. */
type Fields = ReadonlyMap<string, unknown>;

/**
 * An event from Stream: its kind is in the headers, the people are in `data`.
 *
 * @returns undefined if it is unreadable
 */
export function eventOfFrame(headers: unknown, data: unknown, now: number): OrganizationEvent | undefined {
  const content = typeof data === 'string' ? parseJson(data) : data;
  if (!isObject(headers) || !isObject(content)) return undefined;
  return eventOf(new Map([...fieldsOf(content), ...fieldsOf(headers)]), now);
}

/** An event from HTTP push: one flat object. */
export function eventOfPush(content: unknown, now: number): OrganizationEvent | undefined {
  return isObject(content) ? eventOf(fieldsOf(content), now) : undefined;
}

function eventOf(fields: Fields, now: number): OrganizationEvent | undefined {
  const type = fields.get('eventtype');
  if (typeof type !== 'string' || !/^[\w.-]{1,100}$/.test(type)) return undefined;
  const kind = (Object.hasOwn(KINDS, type) ? KINDS[type] : undefined) ?? 'other';
  const userids = userIdsIn(fields);
  const corpId = corpIdIn(fields);
  return {
    id: eventIdIn(fields) ?? idOfContent(fields, type, corpId, userids),
    kind,
    corpId,
    userids,
    at: bornAt(fields, now),
  };
}

function userIdsIn(fields: Fields): readonly string[] {
  const values = USER_IDS.flatMap((key) => fields.get(key) ?? []);
  const ids = new Set<string>();
  for (const value of values) {
    const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    if (isId(id, MAX_ID_LENGTH)) ids.add(id);
    if (ids.size === MAX_IDS) break;
  }
  return [...ids];
}

function corpIdIn(fields: Fields): string | undefined {
  const corpId = fields.get('eventcorpid') ?? fields.get('corpid');
  return isId(corpId, MAX_ID_LENGTH) ? corpId : undefined;
}

function eventIdIn(fields: Fields): string | undefined {
  const id = fields.get('eventid');
  return isId(id, MAX_EVENT_ID_LENGTH) ? id : undefined;
}

/**
 * Old deliveries have no id. A repeated one has the same content, and therefore the same derived id, which starts with
 * a prefix of its own.
 */
function idOfContent(fields: Fields, type: string, corpId: string | undefined, userids: readonly string[]): string {
  const times = TIMES.map((name) => text(fields.get(name)));
  const content = JSON.stringify([type, corpId ?? null, text(fields.get('bizid')), times, userids.toSorted()]);
  return `content:${createHash('sha256').update(content).digest('hex').slice(0, 40)}`;
}

/** The first plausible time; else now. */
function bornAt(fields: Fields, now: number): number {
  const times = TIMES.map((name) => Number(text(fields.get(name)) ?? Number.NaN));
  return times.find((time) => Number.isSafeInteger(time) && time >= EARLIEST && time <= now + DAY_MS) ?? now;
}

/** Printable, without spaces. */
const isId = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest && /^[\x21-\x7e]+$/.test(value);

const text = (value: unknown): string | null =>
  typeof value === 'number' || (typeof value === 'string' && value.length <= 100) ? String(value) : null;

/** If two keys differ only in letter case, the first one with a value wins. */
function fieldsOf(content: object): Fields {
  const fields = new Map<string, unknown>();
  for (const [key, value] of Object.entries(content)) {
    const name = key.toLowerCase();
    if (!fields.has(name) && value !== undefined && value !== null) fields.set(name, value);
  }
  return fields;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
