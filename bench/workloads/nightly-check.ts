import { cpuSeconds } from '../harness/process-statistics.js';
import { slope, spread } from '../harness/statistics.js';
import { target } from '../harness/target.js';
import type { Bench, Outcome, Workload } from '../harness/workload.js';
import type { Checked } from '../night/protocol.js';
import { type BoundPeople, DATABASE, withBoundPeople } from '../night/with-bound-people.js';
import { times } from '../nocobase/contestants.js';
import type { Statements } from '../nocobase/database.js';
import { passwordSignIn } from '../nocobase/people.js';
import { check } from '../nocobase/ways.js';
import { ONE_LEFT_OF } from '../upstream/people.js';
import { listed } from './nocobase-ways.js';

const MIB = 2 ** 20;
/** `src/core/dingtalk/pace.ts` */
const CALLS_PER_SECOND = 15;
/** Calls of NocoBase's `auth:check`, before and after each night. */
const CHECKS = 500;
/** Before the first of them: until NocoBase's code for it is compiled, it would appear expensive, and a night cheap. */
const WARM_UP_CHECKS = 2500;
const NIGHTS = ['first night', 'second night'] as const;

/** The cost of one night. */
export interface NightCost {
  readonly checked: Checked;
  /** Calls to DingTalk, by name. */
  readonly calls: Readonly<Record<string, number>>;
  /** Of NocoBase's process. */
  readonly cpuSeconds: number;
  /** Per 1,000 people. */
  readonly statements: Statements;
}

/** The cost of checking everyone: for DingTalk, for the process that checks, and for NocoBase, which has the book. */
export const nightlyCheck: Workload = {
  id: 'i',
  title: 'the nightly check of everyone who is bound, over the book of a NocoBase with the plugin',
  async run(bench) {
    const people = Math.round(bench.people ?? (bench.quick ? 2000 : 100_000));
    bench.say(`  a NocoBase with ${people} linked people: starting …`);
    const found = await withBoundPeople(bench, people, async (all) => {
      const nights: NightCost[] = [];
      await checkSeconds(bench, all, WARM_UP_CHECKS);
      const checks = [await checkSeconds(bench, all)];
      for (const name of NIGHTS) {
        const began = performance.now();
        nights.push(await oneNight(bench, all, people));
        bench.say(`  ${name}: ${((performance.now() - began) / 1000).toFixed(0)} s, without DingTalk's limit`);
        checks.push(await checkSeconds(bench, all));
      }
      return outcome(people, nights, checks);
    });
    return typeof found === 'string' ? { targets: [], skipped: found } : found;
  },
};

async function oneNight(
  { upstreams }: Bench,
  { nocobase, postgres, watcher, night }: BoundPeople,
  people: number,
): Promise<NightCost> {
  await upstreams.counts();
  const before = cpuSeconds(nocobase.pid);
  let checked: Checked | undefined;
  let used = 0;
  const statements = await postgres.statements(DATABASE, people / 1000, async () => {
    checked = await watcher.check(night);
    used = cpuSeconds(nocobase.pid) - before;
  });
  const { calls } = await upstreams.counts();
  return { checked: asExpected(checked!, people), calls, cpuSeconds: used, statements };
}

/** @throws Error if the result of the check is wrong: its cost is meaningless then */
export function asExpected(checked: Checked, people: number): Checked {
  const left = Math.floor(people / ONE_LEFT_OF);
  const { end, asked, here, unclear, concluded } = checked;
  const { locked = 0, ...others } = concluded;
  // In the second night they are already locked, and are only checked for their return.
  const isRight = (locked === left || locked === 0) && Object.keys(others).length === 0;
  if (end === 'done' && asked === people && here === people - left && unclear === 0 && isRight) return checked;
  const { heldAfter: _heap, ...said } = checked;
  throw new Error(`the check of ${people} people, of whom ${left} have left, came out wrong: ${JSON.stringify(said)}`);
}

/** CPU seconds of NocoBase's process for one `auth:check`. */
async function checkSeconds({ quick }: Bench, { nocobase }: BoundPeople, wanted = CHECKS): Promise<number> {
  const count = quick ? wanted / 10 : wanted;
  let token: Promise<string> | undefined;
  let before = 0;
  await times(count, async (browser) => {
    if (token === undefined) {
      token = passwordSignIn(browser, nocobase.url, 0);
      await token;
      before = cpuSeconds(nocobase.pid);
    }
    await check(browser, nocobase.url, await token);
  });
  return (cpuSeconds(nocobase.pid) - before) / count;
}

/** @param checks seconds of an `auth:check`, before the first night and after each */
export function outcome(people: number, nights: readonly NightCost[], checks: readonly number[]): Outcome {
  const callsOf = ({ calls }: NightCost): number => sum(calls);
  const thousands = people / 1000;
  const first = nights[0]!.checked;
  const last = nights.at(-1)!.checked;
  const growth = (last.bytesHighest - first.bytesBefore) / MIB;
  const heap = nights.flatMap(({ checked }) => checked.heldAfter.map(([, bytes]) => bytes));
  const heapGrowth = (Math.max(...heap) - first.heldBefore) / MIB;
  return {
    targets: [
      target('resident memory of the process that checks, growth in MiB', spread([growth]), { atMost: 50 }),
      target('its heap after a full collection, growth in MiB', spread([heapGrowth]), { atMost: 50 }),
      ...nights.flatMap((night, index) => {
        const name = NIGHTS[index]!;
        const ofCheck = checks.slice(index, index + 2).map((check) => night.cpuSeconds / people / check);
        return [
          target(`${name}: NocoBase's CPU time for a person, of auth:check`, spread(ofCheck), { atMost: 0.1 }),
          target(`${name}: calls to DingTalk for a person`, spread([callsOf(night) / people]), { atMost: 1.01 }),
          target(`${name}: SQL statements for a person`, spread([sum(night.statements) / 1000]), { atMost: 0.25 }),
        ];
      }),
    ],
    numbers: {
      people,
      'resident at the beginning, MiB': first.bytesBefore / MIB,
      'resident, highest, MiB': last.bytesHighest / MIB,
      ...Object.fromEntries(
        nights.flatMap((night, index) => {
          const name = NIGHTS[index]!;
          const minutes = callsOf(night) / CALLS_PER_SECOND / 60;
          return [
            [`${name}: calls to DingTalk`, callsOf(night)],
            [`${name}: minutes at ${CALLS_PER_SECOND} calls a second (computed)`, minutes],
            [`${name}: heap, slope of the later half, bytes per person`, slope(laterHalf(night.checked.heldAfter))],
            [`${name}: NocoBase's CPU seconds`, night.cpuSeconds],
            [`${name}: NocoBase's CPU seconds for 1,000 people`, night.cpuSeconds / thousands],
            [`${name}: SQL statements`, sum(night.statements) * thousands],
            [`${name}: SQL statements for 1,000 people`, sum(night.statements)],
          ];
        }),
      ),
      "auth:check: NocoBase's CPU ms": spread(checks).median * 1000,
    },
    notes: nights.flatMap(({ calls, statements }, index) => [
      `${NIGHTS[index]!}: ${listed(calls)}`,
      `${NIGHTS[index]!}, for 1,000 people: ${listed(statements)}`,
    ]),
  };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

/**
 * The people are checked once or twice, page by page: if the number starts again, the page continues the previous count. The first
 * half compiles code, and fills caches of constant size.
 */
export function laterHalf(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  let before = 0;
  let base = 0;
  const all = points.map(([people, bytes]): readonly [number, number] => {
    if (people < before) base += before;
    before = people;
    return [base + people, bytes];
  });
  return all.length < 4 ? all : all.slice(Math.floor(all.length / 2));
}
