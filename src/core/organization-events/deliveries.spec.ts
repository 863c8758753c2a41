import type { Noted, OrganizationEvent } from '../leavers/index.js';
import { Deliveries } from './deliveries.js';
import { FakeMoments, settled } from './spec-support.js';

const event = (id: string): OrganizationEvent => ({ id, kind: 'left', corpId: 'ding1', userids: ['a'], at: 1 });

it('passes an event on once, however often it arrives, even while it is being noted', async () => {
  const calls: string[] = [];
  let finish: (noted: Noted) => void = () => undefined;
  const listener = async ({ id }: OrganizationEvent): Promise<Noted> => {
    calls.push(id);
    return new Promise((resolve) => (finish = resolve));
  };
  const deliveries = new Deliveries(listener, new FakeMoments());
  const both = Promise.all([deliveries.deliver(event('1')), deliveries.deliver(event('1'))]);
  await settled();
  finish('noted');
  expect(await both).toEqual(['noted', 'noted']);
  expect(await deliveries.deliver(event('1'))).toBe('noted');
  expect(calls).toEqual(['1']);
});

it.each([
  ['says later', async (): Promise<Noted> => 'later'],
  ['fails', async (): Promise<Noted> => Promise.reject(new Error('down'))],
  [
    'throws',
    (): Promise<Noted> => {
      throw new Error('down');
    },
  ],
])('retries if the listener %s', async (_what, fail) => {
  let listener: () => Promise<Noted> = fail;
  const deliveries = new Deliveries(async () => listener(), new FakeMoments());
  expect(await deliveries.deliver(event('1'))).toBe('later');
  listener = async () => 'noted';
  expect(await deliveries.deliver(event('1'))).toBe('noted');
});

it('responds in time; an event noted after that is recognized when it arrives again', async () => {
  const moments = new FakeMoments();
  let finish: (noted: Noted) => void = () => undefined;
  let calls = 0;
  const listener = async (): Promise<Noted> => {
    calls += 1;
    return new Promise((resolve) => (finish = resolve));
  };
  const deliveries = new Deliveries(listener, moments);
  const answer = deliveries.deliver(event('1'));
  await moments.pass(2500);
  expect(await answer).toBe('later');
  finish('noted');
  await settled();
  expect(await deliveries.deliver(event('1'))).toBe('noted');
  expect(calls).toBe(1);
  expect(moments.next()).toBeUndefined();
});

it('notes at most a hundred at a time', async () => {
  const finish: ((noted: Noted) => void)[] = [];
  const deliveries = new Deliveries(async () => new Promise((resolve) => finish.push(resolve)), new FakeMoments());
  const first = Array.from({ length: 100 }, (_, index) => deliveries.deliver(event(String(index))));
  await settled();
  expect(await deliveries.deliver(event('100'))).toBe('later');
  for (const resolve of finish) resolve('noted');
  expect(new Set(await Promise.all(first))).toEqual(new Set(['noted']));
  expect(finish).toHaveLength(100);
});
