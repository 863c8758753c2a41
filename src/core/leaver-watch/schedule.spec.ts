import * as fc from 'fast-check';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import type { NightOutcome } from './watch-parts.js';
import { nightBefore, nightOf, WatchSchedule } from './schedule.js';
import type { LeaverMode } from '../leavers/index.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const COUNTS = { bound: 0, asked: 0, here: 0, left: 0, unclear: 0 };

function setUp(mode: LeaverMode = 'lock', outcome: Omit<NightOutcome, 'counts'> = { end: 'done' }, isInUtc?: boolean) {
  const clock = new VirtualClock(false);
  const done: { readonly what: string; readonly at: number }[] = [];
  const failed: string[] = [];
  const state = { endedAt: undefined as number | undefined, outcome, fails: false };
  const act = (what: string) => {
    done.push({ what, at: clock.now() });
    if (state.fails) throw new Error('NocoBase is away');
  };
  const watch = {
    resume: async () => act('resume'),
    records: async () => act('records'),
    nightEndedAt: async () => state.endedAt,
    night: async () => {
      act('night');
      if (state.outcome.end === 'done') state.endedAt = clock.now();
      return { ...state.outcome, counts: COUNTS };
    },
  };
  const observer = { failed: (step: string) => failed.push(step) };
  const parts = { watch, mode, clientId: 'client', clock, random: () => 0.5, observer };
  const schedule = new WatchSchedule(isInUtc === undefined ? parts : { ...parts, isInUtc });
  const times = (what: string) => done.filter((step) => step.what === what).map(({ at }) => at);
  return { clock, schedule, state, times, done, failed };
}

describe('The schedule', () => {
  it('takes up hints at once and every ten seconds, records within two minutes and every five', async () => {
    const { clock, schedule, times } = setUp();
    const start = clock.now();
    schedule.start();
    await clock.advance(60 * MINUTE);
    expect(times('resume').slice(0, 3)).toEqual([start, start + 10_000, start + 20_000]);
    expect(times('records').slice(0, 3)).toEqual([1.5, 6.5, 11.5].map((minutes) => start + minutes * MINUTE));
    await schedule.stop();
  });

  it('checks soon after the first start, and then once a night at its minute', async () => {
    const { clock, schedule, times } = setUp();
    const start = clock.now();
    schedule.start();
    await clock.advance(3 * DAY);
    const [first, ...nights] = times('night');
    expect(first).toBe(start + 1.5 * MINUTE);
    expect(nights).toEqual([1, 2, 3].map((day) => nightOf('client', new Date(start + day * DAY)).getTime()));
    await schedule.stop();
  });

  it('checks in the night of China where the machine has no time zone of its own', async () => {
    const { clock, schedule, times } = setUp('lock', { end: 'done' }, true);
    schedule.start();
    await clock.advance(3 * DAY);
    const inChina = times('night').map((at) => new Date(at + 8 * 60 * MINUTE));
    expect(inChina.slice(1).map((night) => night.getUTCDate())).toEqual([1, 2, 3]);
    for (const night of inChina.slice(1)) expect([1, 2, 3, 4]).toContain(night.getUTCHours());
    await schedule.stop();
  });

  it('does not check again after a restart by day, but catches up on a missed night', async () => {
    const seen = setUp();
    seen.state.endedAt = nightBefore('client', seen.clock.now()) + MINUTE;
    seen.schedule.start();
    await seen.clock.advance(60 * MINUTE);
    expect(seen.times('night')).toEqual([]);
    await seen.schedule.stop();
    const missed = setUp();
    missed.state.endedAt = nightBefore('client', missed.clock.now()) - MINUTE;
    missed.schedule.start();
    await missed.clock.advance(60 * MINUTE);
    expect(missed.times('night')).toHaveLength(1);
    await missed.schedule.stop();
  });

  it('checks although a replica with a wrong clock recorded a check a year ahead', async () => {
    const { clock, schedule, state, times } = setUp();
    state.endedAt = clock.now() + 365 * DAY;
    schedule.start();
    await clock.advance(DAY);
    expect(times('night')).toHaveLength(2);
    await schedule.stop();
  });

  it.each([
    ['after an hour if it was stopped', { end: 'stopped', why: 'no_permission' }, 60],
    ['soon if another replica is checking', { end: 'elsewhere' }, 5],
  ] as const)('checks again %s', async (_when, outcome, minutes) => {
    const { clock, schedule, times } = setUp('lock', outcome);
    schedule.start();
    await clock.advance(150 * MINUTE);
    const [one = 0, two = 0] = times('night');
    expect(two - one).toBe(minutes * MINUTE);
    await schedule.stop();
  });

  it('waits for a day if too many people are missing', async () => {
    const { clock, schedule, times } = setUp('lock', {
      end: 'stopped',
      why: 'out_of_scope',
      detail: 'many_missing 78/200',
    });
    schedule.start();
    await clock.advance(2 * DAY);
    expect(times('night')).toHaveLength(3);
    await schedule.stop();
  });

  it('continues after failures, and reports them', async () => {
    const { clock, schedule, state, times, failed } = setUp();
    state.fails = true;
    schedule.start();
    await clock.advance(10 * MINUTE);
    expect(new Set(failed)).toEqual(new Set(['resume', 'records', 'night']));
    state.fails = false;
    const before = times('records').length;
    await clock.advance(2 * 60 * MINUTE);
    expect(times('records').length).toBeGreaterThan(before);
    expect(state.endedAt).toBeDefined();
    await schedule.stop();
  });

  it('does nothing if the mode is off, and nothing after its end', async () => {
    const off = setUp('off');
    off.schedule.start();
    await off.clock.advance(DAY);
    expect(off.done).toEqual([]);
    const { clock, schedule, done } = setUp();
    schedule.start();
    await clock.advance(MINUTE);
    await schedule.stop();
    const before = done.length;
    await clock.advance(DAY);
    schedule.start();
    await clock.advance(DAY);
    expect(done).toHaveLength(before);
  });
});

it('The night is the machine’s, or China’s where the machine’s time is UTC', () => {
  const noon = new Date(2026, 8, 30, 12);
  expect([1, 2, 3, 4]).toContain(nightOf('client', noon, false).getHours());
  const midnight = Date.UTC(2026, 8, 29, 16);
  const chinas = nightOf('client', new Date(midnight), true);
  expect([1, 2, 3, 4]).toContain(Math.floor((chinas.getTime() - midnight) / (60 * MINUTE)));
  expect(nightOf('client', new Date(midnight + DAY - MINUTE), true)).toEqual(chinas);
  expect(nightOf('client', new Date(midnight + DAY), true).getUTCDate()).toBe(30);
  const offsets = [new Date(2026, 0, 1), new Date(2026, 6, 1)].map((day) => day.getTimezoneOffset());
  expect(nightOf('client', noon)).toEqual(nightOf('client', noon, offsets.join() === '0,0'));
});

it('Every application has its own minute of the night, never on the hour', () => {
  const days = fc.date({ min: new Date('2024-01-01'), max: new Date('2034-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.string(), days, (clientId, day) => {
      const night = nightOf(clientId, day, false);
      expect(night.toDateString()).toBe(day.toDateString());
      expect([1, 2, 3, 4]).toContain(night.getHours());
      expect(night.getMinutes()).toBeGreaterThanOrEqual(10);
      expect(night.getMinutes()).toBeLessThan(50);
      const before = nightBefore(clientId, day.getTime(), false);
      expect(before).toBeLessThanOrEqual(day.getTime());
      expect(before).toBeGreaterThan(day.getTime() - 30 * 60 * MINUTE);
    }),
  );
  const minutes = new Set(
    Array.from({ length: 100 }, (_, index) => nightOf(`client-${index}`, new Date(2026, 8, 30)).getTime()),
  );
  expect(minutes.size).toBeGreaterThan(80);
});
