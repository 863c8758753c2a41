import * as fc from 'fast-check';
import { UpstreamBusyError, UpstreamResponseError } from '../upstream/index.js';
import { StaleAppTokenError } from '../dingtalk/index.js';
import { MisconfiguredError } from '../errors/index.js';
import type { OrganizationEvent } from '../leavers/index.js';
import { SETTING } from '../texts/index.js';
import { BookStorage, InMemoryLeaverBook, type Step } from '../../../test/support/in-memory-leaver-book.js';
import {
  type Mishap,
  NO_PERMISSION,
  OUT_OF_SCOPE,
  StandInDirectory,
  StandInOrganization,
} from '../../../test/support/stand-in-directory.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { LeaverWatch } from './leaver-watch.js';

const MINUTE = 60_000;
const CALL = { upstream: 'DingTalk', operation: 'member' } as const;

/** Everything that DingTalk, a firewall or the network may return instead of an answer about a person. */
const MISHAPS: readonly (() => Mishap)[] = [
  OUT_OF_SCOPE,
  NO_PERMISSION,
  () => new MisconfiguredError(SETTING.egressIp.en, 'DingTalk: 60020'),
  () => new MisconfiguredError('DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET', 'DingTalk: invalidClientIdOrSecret'),
  () => new UpstreamBusyError(CALL, '90018'),
  () => new UpstreamResponseError(CALL, 'an HTML page'),
  () => new StaleAppTokenError(),
  () => new Error('the connection broke'),
];

interface World {
  readonly clock: VirtualClock;
  readonly organization: StandInOrganization;
  readonly storage: BookStorage;
}

/** People 2 to `size + 1`, all of them bound with their userids. */
function world(size: number): World {
  const organization = new StandInOrganization();
  const storage = new BookStorage();
  for (let userId = 2; userId < size + 2; userId++) {
    organization.join(`person-${userId}`, `id-${userId}`);
    storage.bind(`person-${userId}`, userId, `id-${userId}`, 1);
  }
  return { clock: new VirtualClock(), organization, storage };
}

function watchOf(
  { clock, organization, storage }: World,
  { mishap, step, holder }: { mishap?: (question: string) => Mishap; step?: Step; holder?: string } = {},
): LeaverWatch {
  const book = new InMemoryLeaverBook(storage, clock, holder, step);
  return new LeaverWatch({ book, clock, directory: new StandInDirectory(organization, clock, mishap, step) });
}

const unionIdOf = (userId: number): string => `person-${userId}`;

it('A thousand random failures of scope, permission, network and pages lock no current member', async () => {
  const failures = fc.record({
    size: fc.integer({ min: 2, max: 12 }),
    leavers: fc.uniqueArray(fc.integer({ min: 2, max: 13 }), { maxLength: 4 }),
    hidden: fc.uniqueArray(fc.integer({ min: 2, max: 13 }), { maxLength: 6 }),
    // What happens to successive calls: nothing, or a failure; and for a while no one is known at all.
    questions: fc.array(fc.oneof(fc.constant(-1), fc.nat(MISHAPS.length - 1)), { minLength: 1, maxLength: 40 }),
    blind: fc.option(fc.record({ from: fc.nat(30), calls: fc.oneof(fc.constant(Infinity), fc.nat(20)) })),
    pages: fc.array(fc.boolean(), { maxLength: 6 }),
    accused: fc.array(fc.integer({ min: 2, max: 13 }), { maxLength: 8 }),
  });
  let locked = 0;
  await fc.assert(
    fc.asyncProperty(failures, async ({ size, leavers, hidden, questions, blind, pages, accused }) => {
      const made = world(size);
      const { organization, storage, clock } = made;
      let [asked, paged] = [0, 0];
      const mishap = (question: string): Mishap => {
        if (question === 'leaveRecords' && pages[paged++ % (pages.length || 1)] === true) return new Error('page');
        asked++;
        if (blind !== null && asked >= blind.from && asked < blind.from + blind.calls) return 'nobody';
        return MISHAPS[questions[asked % questions.length] ?? -1]?.();
      };
      for (const userId of leavers)
        if (organization.has(unionIdOf(userId))) organization.leave(unionIdOf(userId), clock.now());
      for (const userId of hidden) {
        const employee = organization.employees.get(unionIdOf(userId));
        if (employee !== undefined) employee.isHidden = true;
      }
      const watch = watchOf(made, { mishap });
      for (const userId of accused) {
        await watch.hear({ id: `${userId}`, kind: 'left', corpId: undefined, userids: [`id-${userId}`], at: 0 });
      }
      await watch.records();
      await watch.night({ evenIfMany: true });
      await watch.idle();
      await clock.advance(MINUTE);
      await watch.resume();
      await watch.idle();
      const wrong = storage.lockedByUs.filter((userId) => organization.has(unionIdOf(userId)));
      expect(wrong).toEqual([]);
      locked += storage.lockedByUs.length;
      for (const { evidence } of storage.conclusions) {
        expect([60121, 33012]).toContain(evidence.code);
        expect(evidence.witness).toBeDefined();
        expect(Math.abs((evidence.witness?.askedAt ?? 0) - evidence.askedAt)).toBeLessThanOrEqual(MINUTE);
      }
    }),
    { numRuns: 1000 },
  );
  // A watch that never locks would pass, too.
  expect(locked).toBeGreaterThan(100);
});

/** A change of a person's membership, and whether DingTalk reports it. */
interface Happening {
  readonly who: number;
  readonly isLost: boolean;
  readonly isDoubled: boolean;
  /** How many positions it moves in the order of events. */
  readonly shift: number;
  readonly withNewUserid: boolean;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  who: fc.nat(),
  isLost: fc.integer({ min: 1, max: 5 }).map((one) => one === 1),
  isDoubled: fc.integer({ min: 1, max: 5 }).map((one) => one === 1),
  shift: fc.nat(30),
  withNewUserid: fc.boolean(),
});

/** Who is locked, and who should be: exactly those who left. */
function verdict({ organization, storage }: World): { readonly locked: number[]; readonly left: number[] } {
  const left = [...storage.rows.values()].filter(({ unionId }) => !organization.has(unionId));
  const ascending = (one: number, other: number): number => one - other;
  return {
    locked: storage.lockedByUs.toSorted(ascending),
    left: left.map(({ userId }) => userId).toSorted(ascending),
  };
}

async function live(made: World, happenings: readonly Happening[]): Promise<void> {
  const { organization, storage, clock } = made;
  const size = storage.rows.size;
  const watch = watchOf(made);
  const deliveries: { readonly at: number; readonly event: OrganizationEvent }[] = [];
  for (const [index, { who, isLost, isDoubled, shift, withNewUserid }] of happenings.entries()) {
    const userId = 2 + (who % size);
    const isThere = organization.has(unionIdOf(userId));
    const userid = withNewUserid ? `id-${userId}-${index}` : `id-${userId}`;
    if (!isThere) organization.join(unionIdOf(userId), userid);
    const told = isThere ? organization.leave(unionIdOf(userId), clock.now()) : userid;
    const event = {
      id: `event-${index}`,
      kind: isThere ? 'left' : 'joined',
      corpId: undefined,
      userids: [told],
      at: 0,
    } as const;
    if (!isLost) deliveries.push({ at: index + shift, event });
    if (isDoubled && !isLost) deliveries.push({ at: index + shift + 7, event });
    await clock.advance(1000);
    for (const { at, event: due } of deliveries) if (at === index) await watch.hear(due);
    if (index % 3 === 0) await watch.idle();
  }
  for (const { at, event } of deliveries) if (at >= happenings.length) await watch.hear(event);
  await watch.idle();
}

describe('After random events with a fifth lost, a fifth repeated and the order shuffled', () => {
  it.each([
    { events: 1000, people: 150, runs: 3 },
    { events: 40, people: 6, runs: 200 },
  ])('one nightly check corrects everyone: $events events of $people people', async ({ events, people, runs }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: events, maxLength: events }), async (happenings) => {
        const made = world(people);
        // A witness must remain, even if everyone else left.
        made.organization.join('boss', 'id-boss');
        made.organization.administrators.push('id-boss');
        made.storage.hasBrake = false;
        await live(made, happenings);
        const { storage } = made;
        await made.clock.advance(MINUTE);
        const watch = watchOf(made);
        await watch.night({ evenIfMany: true });
        const { locked, left } = verdict(made);
        expect(locked).toEqual(left);
        // A change during a call is asked about again, and that changes nothing more.
        await watch.resume();
        await watch.idle();
        expect(storage.undone).toEqual([]);
        expect(verdict(made)).toEqual({ locked: left, left });
      }),
      { numRuns: runs, endOnFailure: events > 100 },
    );
  });
});

/** Power fails at some step: everything that the process does afterwards fails as well. */
class PowerCut {
  private steps = 0;
  isOff = false;

  constructor(
    private readonly at: number,
    private readonly moment: 'before' | 'after',
  ) {}

  readonly step: Step = (_name, moment) => {
    if (moment === 'before') this.steps++;
    this.isOff ||= this.steps >= this.at && moment === this.moment;
    if (this.isOff) throw new Error('the power is off');
  };

  get isOver(): boolean {
    return !this.isOff;
  }
}

/** A day on which 3 and 4 leave, 5 leaves without an event, and 6, who was locked, is back. */
async function day(
  made: World,
  watch: LeaverWatch,
  events: readonly OrganizationEvent[],
): Promise<OrganizationEvent[]> {
  const later: OrganizationEvent[] = [];
  for (const event of events) if ((await watch.hear(event)) === 'later') later.push(event);
  await watch.idle();
  await watch.records().catch(() => undefined);
  await watch.idle();
  await made.clock.advance(MINUTE);
  await watch.night().catch(() => undefined);
  await watch.idle();
  return later;
}

it.each(['before', 'after'] as const)(
  'Killed at any step (%s its effect), nothing is lost after a restart and no current member is locked',
  async (moment) => {
    for (let at = 1; ; at++) {
      const made = world(8);
      const { organization, storage, clock } = made;
      const row = [...storage.rows.values()].find(({ userId }) => userId === 6);
      if (row !== undefined) row.leftAt = clock.now() - 1;
      storage.locks.set(6, { by: 'us', at: clock.now() - 1 });
      const left = [3, 4].map((userId) => organization.leave(unionIdOf(userId), clock.now()));
      organization.leave(unionIdOf(5), clock.now() - 48 * 60 * MINUTE);
      const events = [
        { id: 'one', kind: 'left', corpId: undefined, userids: left, at: 0 },
        { id: 'two', kind: 'joined', corpId: undefined, userids: ['id-6'], at: 0 },
      ] as const;
      const cut = new PowerCut(at, moment);
      const later = await day(made, watchOf(made, { step: cut.step, holder: 'killed' }), events);
      for (const userId of storage.lockedByUs) expect([3, 4, 5, 6]).toContain(userId);
      // The leases of the killed process expire.
      await clock.advance(3 * MINUTE);
      const next = watchOf(made, { holder: 'next' });
      for (const event of later) expect(await next.hear(event)).toBe('noted');
      await next.resume();
      await next.idle();
      // Whatever was acknowledged is done without the nightly check.
      expect(storage.undone).toEqual([]);
      expect(storage.lockedByUs).toEqual(expect.arrayContaining([3, 4]));
      expect(storage.lockedByUs).not.toContain(6);
      expect(await next.night()).toMatchObject({ end: 'done' });
      expect(new Set(storage.lockedByUs)).toEqual(new Set([3, 4, 5]));
      expect(storage.conclusions.filter(({ conclusion }) => conclusion === 'locked')).toHaveLength(3);
      if (cut.isOver) {
        expect(at).toBeGreaterThan(40);
        return;
      }
    }
  },
);
