import * as fc from 'fast-check';
import { eventOfFrame, eventOfPush, MAX_IDS } from './parse.js';

const NOW = Date.UTC(2026, 8, 30, 10);
const BORN = NOW - 60_000;

const headers = (changes: object = {}): object => ({
  topic: '*',
  eventType: 'user_leave_org',
  eventId: '0f9e8d7c6b5a',
  eventBornTime: String(BORN),
  eventCorpId: 'dingexample0001',
  ...changes,
});
const push = (changes: object = {}): object => ({
  EventType: 'user_leave_org',
  EventTime: BORN,
  CorpId: 'dingexample0001',
  eventId: '0f9e8d7c6b5a',
  timeStamp: String(BORN),
  userId: ['E10382'],
  ...changes,
});

const EXPECTED = { id: '0f9e8d7c6b5a', kind: 'left', corpId: 'dingexample0001', userids: ['E10382'], at: BORN };

it('parses an event the same from either channel', () => {
  expect(eventOfFrame(headers(), '{"timeStamp":"1790000000001","userId":["E10382"]}', NOW)).toEqual(EXPECTED);
  expect(eventOfPush(push(), NOW)).toEqual(EXPECTED);
});

it.each([
  ['user_leave_org', 'left'],
  ['user_add_org', 'joined'],
  ['user_active_org', 'joined'],
  ['user_modify_org', 'other'],
  ['org_remove', 'other'],
  ['toString', 'other'],
  ['__proto__', 'other'],
])('maps %s to %s', (type, kind) => {
  expect(eventOfPush(push({ EventType: type }), NOW)).toMatchObject({ kind });
});

it('parses a delivery of 2021, in any letter case, without an event id', () => {
  const old = {
    EventType: 'user_leave_org',
    TimeStamp: BORN,
    UserId: ['a', 'b'],
    OptStaffId: 'x',
    CorpId: 'ding1',
    EventTime: BORN,
  };
  const event = eventOfPush(old, NOW);
  expect(event).toMatchObject({ kind: 'left', userids: ['a', 'b'], corpId: 'ding1', at: BORN });
  expect(event?.id).toMatch(/^content:[0-9a-f]{40}$/);
});

it('derives an id from the content: equal for equal content, different otherwise', () => {
  const idOf = (changes: object): string | undefined => eventOfPush(push({ eventId: undefined, ...changes }), NOW)?.id;
  const id = idOf({ userId: ['a', 'b'] });
  expect(idOf({ userId: ['b', 'a'] })).toBe(id);
  expect(eventOfPush(push({ eventId: undefined, userId: ['a', 'b'] }), NOW + 86_400_000)?.id).toBe(id);
  for (const changes of [
    { userId: ['a'] },
    { EventType: 'user_add_org' },
    { CorpId: 'other' },
    { timeStamp: String(BORN + 1) },
  ]) {
    expect(idOf({ userId: ['a', 'b'], ...changes })).not.toBe(id);
  }
});

it('accepts a userid as text, as a list, and under each of its names', () => {
  const ids = (changes: object): unknown => eventOfPush(push({ userId: undefined, ...changes }), NOW)?.userids;
  expect(ids({ userId: 'E1' })).toEqual(['E1']);
  expect(ids({ userIds: ['E1', 'E2'] })).toEqual(['E1', 'E2']);
  expect(ids({ UserIdList: ['E1', 'E1'], userid: 'E2' })).toEqual(['E2', 'E1']);
  expect(ids({ userId: [12, 'E1'] })).toEqual(['12', 'E1']);
});

it('drops invalid ids, and accepts at most a thousand', () => {
  const wrong = ['', ' ', 'a b', 'x'.repeat(65), 'a\n', '林', null, {}, [], 1.5, Number.MAX_VALUE, true];
  expect(eventOfPush(push({ userId: [...wrong, 'good'] }), NOW)?.userids).toEqual(['good']);
  const many = Array.from({ length: 5000 }, (_, index) => `u${index}`);
  expect(eventOfPush(push({ userId: many }), NOW)?.userids).toEqual(many.slice(0, MAX_IDS));
});

it('uses the first plausible time, else now', () => {
  const at = (changes: object): unknown =>
    eventOfPush(push({ EventTime: undefined, timeStamp: undefined, ...changes }), NOW)?.at;
  expect(at({ timestamp: String(BORN) })).toBe(BORN);
  expect(at({ EventTime: BORN, timeStamp: '9999999999999' })).toBe(BORN);
  for (const wrong of ['soon', '', -1, 0, NOW + 90_000_000, 1e300, null, '1'.repeat(200)])
    expect(at({ EventTime: wrong })).toBe(NOW);
});

it.each([
  ['no type', headers({ eventType: undefined }), '{}'],
  ['an invalid type', headers({ eventType: 'a b' }), '{}'],
  ['data that is not JSON', headers(), '{'],
  ['data that is a list', headers(), '[]'],
  ['no headers', null, '{}'],
])('rejects %s', (_what, given, data) => {
  expect(eventOfFrame(given, data, NOW)).toBeUndefined();
});

it('reads the kind of an event from its headers, whatever the data says', () => {
  const data = JSON.stringify({ userId: ['a'], EventType: 'user_add_org', eventCorpId: 'forged', eventId: 'forged' });
  expect(eventOfFrame(headers(), data, NOW)).toMatchObject({
    kind: 'left',
    corpId: 'dingexample0001',
    id: '0f9e8d7c6b5a',
  });
});

it('never throws, and stays within its limits, for any input', () => {
  const strange = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom('EventType', 'userId', 'eventId', 'CorpId', 'time'), fc.jsonValue()),
  );
  fc.assert(
    fc.property(strange, strange, (first, second) => {
      const events = [
        eventOfPush(first, NOW),
        eventOfFrame(first, second, NOW),
        eventOfFrame(first, JSON.stringify(second), NOW),
      ];
      for (const event of events) {
        if (event === undefined) continue;
        expect(event.id.length).toBeLessThanOrEqual(128);
        expect(event.userids.length).toBeLessThanOrEqual(MAX_IDS);
        expect(event.at).toBeLessThanOrEqual(NOW + 86_400_000);
      }
    }),
  );
});
