import { UpstreamBusyError } from '../upstream/index.js';
import type { OrganizationEvent } from '../leavers/index.js';
import { BookStorage, InMemoryLeaverBook, type Step } from '../../../test/support/in-memory-leaver-book.js';
import {
  type Mishap,
  NO_PERMISSION,
  OUT_OF_SCOPE,
  StandInDirectory,
  StandInOrganization,
} from '../../../test/support/stand-in-directory.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { GIVE_UP_MS } from './hint-work.js';
import { LeaverWatch } from './leaver-watch.js';
import type { WatchStep } from './watch-parts.js';

const HOUR = 3_600_000;
const NO_ANSWER = (): Error => new UpstreamBusyError({ upstream: 'DingTalk', operation: 'member' }, '90018');

/** Users 2 to `size + 1`, bound as `person-2` and so on, with the userids `id-2`…; user 1 is none of them. */
function setUp(size = 5) {
  const clock = new VirtualClock();
  const organization = new StandInOrganization();
  const storage = new BookStorage();
  for (let userId = 2; userId < size + 2; userId++) {
    organization.join(`person-${userId}`, `id-${userId}`);
    storage.bind(`person-${userId}`, userId, `id-${userId}`, 1);
  }
  organization.join('boss', 'id-boss');
  organization.administrators.push('id-boss');
  const bad: { mishap: (question: string) => Mishap; step: Step } = {
    mishap: () => undefined,
    step: () => undefined,
  };
  const failed: WatchStep[] = [];
  const directory = new StandInDirectory(organization, clock, (question) => bad.mishap(question));
  const start = (holder = 'one', clientId = 'client') => {
    const book = new InMemoryLeaverBook(storage, clock, holder, (name, moment) => bad.step(name, moment));
    return new LeaverWatch({ book, directory, clock, clientId, observer: { failed: (step) => failed.push(step) } });
  };
  return { clock, organization, storage, directory, bad, failed, start, watch: start() };
}

let events = 0;
function event(kind: OrganizationEvent['kind'], ...userids: readonly string[]): OrganizationEvent {
  return { id: `event-${events++}`, kind, corpId: 'corp', userids, at: 0 };
}

const failing =
  (...names: readonly string[]): Step =>
  (name, moment) => {
    if (moment === 'before' && names.includes(name)) throw new Error(`${name} fails`);
  };

describe('An event', () => {
  it('of a person who left locks them, and no one else', async () => {
    const { watch, organization, storage } = setUp();
    expect(await watch.hear(event('left', organization.leave('person-3')))).toBe('noted');
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
    expect(storage.undone).toEqual([]);
  });

  it('is only a hint: a current member is not locked', async () => {
    const { watch, storage } = setUp();
    await watch.hear(event('left', 'id-2', 'id-3', 'nobody-of-ours'));
    await watch.idle();
    expect(storage.lockedByUs).toEqual([]);
    expect(storage.undone).toEqual([]);
  });

  it('that arrives twice is one', async () => {
    const { watch, organization, storage } = setUp();
    const left = event('left', organization.leave('person-3'));
    await Promise.all([watch.hear(left), watch.hear(left)]);
    await watch.idle();
    expect(storage.conclusions.map(({ conclusion }) => conclusion)).toEqual(['locked']);
  });

  it('that cannot be noted is requested again', async () => {
    const { watch, organization, storage, bad, failed } = setUp();
    bad.step = failing('note');
    const left = event('left', organization.leave('person-3'));
    expect(await watch.hear(left)).toBe('later');
    expect(failed).toEqual(['note']);
    bad.step = () => undefined;
    expect(await watch.hear(left)).toBe('noted');
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });

  it('of another kind is not noted', async () => {
    const { watch, storage } = setUp();
    expect(await watch.hear(event('other', 'id-2'))).toBe('noted');
    expect(storage.hints.size).toBe(0);
  });

  it('of a returning person unlocks them, with whatever userid', async () => {
    const { watch, organization, storage } = setUp();
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    organization.join('person-3', 'id-new');
    await watch.hear(event('joined', 'id-new'));
    await watch.idle();
    expect(storage.lockedByUs).toEqual([]);
    expect([...storage.rows.values()].find(({ userId }) => userId === 3)?.userid).toBe('id-new');
  });

  it('of another person with the same userid unlocks no one', async () => {
    const { watch, organization, storage } = setUp();
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    organization.join('a-stranger', 'id-3');
    await watch.hear(event('joined', 'id-3'));
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });

  it('of a return does not undo a lock made by hand', async () => {
    const { watch, storage, clock } = setUp();
    storage.locks.set(3, { by: 'hand', at: clock.now() });
    await watch.hear(event('joined', 'id-3'));
    await watch.idle();
    expect(storage.locks.get(3)?.by).toBe('hand');
  });

  it.each([
    ['protected', (storage: BookStorage): void => void storage.protectedIds.add(3)],
    ['reported', (storage: BookStorage): void => void (storage.mode = 'report')],
    ['elsewhere', (storage: BookStorage): void => void storage.elsewhere.set(3, [false])],
  ] as const)('does not lock a person who is %s', async (conclusion, change) => {
    const { watch, organization, storage } = setUp();
    change(storage);
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    expect(storage.lockedByUs).toEqual([]);
    expect(storage.conclusions).toMatchObject([{ userId: 3, conclusion }]);
  });

  it('of many people stops at the brake', async () => {
    const { watch, organization, storage } = setUp(100);
    const userids = Array.from({ length: 30 }, (_, index) => organization.leave(`person-${index + 2}`));
    await watch.hear(event('left', ...userids));
    await watch.idle();
    expect(storage.lockedByUs).toHaveLength(10);
    expect(storage.waitingForAdministrator.size).toBe(20);
  });

  it('is not held up by people who are no longer bound', async () => {
    const { watch, organization, storage, clock } = setUp(100);
    const leave = async (...userIds: readonly number[]): Promise<void> => {
      await watch.hear(event('left', ...userIds.map((userId) => organization.leave(`person-${userId}`))));
      await watch.idle();
    };
    await leave(...Array.from({ length: 12 }, (_, index) => index + 2));
    await clock.advance(2 * HOUR);
    await leave(30);
    const waiting = [...storage.waitingForAdministrator];
    expect([storage.lockedByUs.length, waiting.length]).toEqual([10, 3]);
    for (const [bindingId, { userId }] of storage.rows) if (waiting.includes(userId)) storage.rows.delete(bindingId);
    await leave(31);
    expect(storage.lockedByUs).toHaveLength(11);
  });

  it('creates a hint about a colleague who turns out to be gone', async () => {
    const { watch, organization, storage } = setUp();
    organization.leave('person-2');
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    expect(new Set(storage.lockedByUs)).toEqual(new Set([2, 3]));
  });

  it('stays noted if the queue is full', async () => {
    const { watch, organization, storage, clock } = setUp(10);
    const userids = Array.from({ length: 4000 }, (_, index) => `stranger-${index}`);
    await watch.hear(event('left', ...userids, organization.leave('person-3')));
    await watch.idle();
    expect(storage.undone.length).toBeGreaterThan(0);
    while (storage.undone.length > 0) {
      await clock.advance(10_000);
      await watch.resume();
      await watch.idle();
    }
    expect(storage.lockedByUs).toEqual([3]);
  });
});

describe('A question that DingTalk does not answer', () => {
  it('is retried with increasing delays until it is answered', async () => {
    const { watch, organization, storage, bad, clock, directory } = setUp();
    bad.mishap = NO_ANSWER;
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    for (let second = 0; second < 3600; second += 10) {
      await clock.advance(10_000);
      await watch.resume();
      await watch.idle();
    }
    const asked = directory.asked.filter((question) => question === 'member id-3').length;
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(15);
    bad.mishap = () => undefined;
    await clock.advance(600_000);
    await watch.resume();
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
    expect(storage.told).toEqual([]);
  });

  it('is reported after hours, and left to the nightly check', async () => {
    const { watch, organization, storage, bad, clock } = setUp();
    bad.mishap = NO_ANSWER;
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    await clock.advance(GIVE_UP_MS);
    await watch.resume();
    await watch.idle();
    expect(storage.undone).toEqual([]);
    expect(storage.told).toMatchObject([{ userId: 3, why: 'no_answer' }]);
  });

  it.each([
    ['out_of_scope', OUT_OF_SCOPE],
    ['no_permission', NO_PERMISSION],
  ] as const)('because of %s is reported at once', async (why, error) => {
    const { watch, organization, storage, bad } = setUp();
    bad.mishap = error;
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    expect(storage.told).toMatchObject([{ userId: 3, why }]);
    expect(storage.undone).toEqual([]);
    expect(storage.lockedByUs).toEqual([]);
  });

  it('because of a missing permission is reported as a problem once, and again when it is resolved', async () => {
    const { watch, organization, storage, bad } = setUp();
    bad.mishap = NO_PERMISSION;
    await watch.hear(event('left', organization.leave('person-3'), organization.leave('person-4')));
    await watch.idle();
    bad.mishap = () => undefined;
    await watch.ask(2);
    await watch.ask(2);
    const troubles = storage.states.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble.why]));
    expect(troubles).toEqual(['no_permission', 'none']);
  });
});

describe('A process that takes over', () => {
  it('does what was noted but not done, once it is old enough', async () => {
    const { organization, storage, clock, watch, start, bad } = setUp();
    bad.step = failing('byUserid');
    await watch.hear(event('left', organization.leave('person-3')));
    await watch.idle();
    bad.step = () => undefined;
    const next = start('two');
    await next.resume();
    await next.idle();
    expect(storage.lockedByUs).toEqual([]);
    await clock.advance(5000);
    await next.resume();
    await next.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });

  it('does nothing more once closed, and says so', async () => {
    const { organization, storage, watch } = setUp();
    await watch.close();
    expect(await watch.hear(event('left', organization.leave('person-3')))).toBe('later');
    expect(storage.hints.size).toBe(0);
  });
});

describe('An administrator', () => {
  it('gets DingTalk’s current answer, and its consequence', async () => {
    const { organization, watch, clock } = setUp();
    expect(await watch.ask(3)).toMatchObject([{ finding: { kind: 'here' }, conclusion: undefined }]);
    organization.leave('person-3');
    await clock.advance(1);
    expect(await watch.ask(3)).toMatchObject([{ finding: { kind: 'left' }, conclusion: 'locked' }]);
    expect(await watch.ask(99)).toEqual([]);
  });

  it('gets an answer to a question noted by another program', async () => {
    const { organization, storage, watch, clock } = setUp();
    organization.leave('person-3');
    const hint = { id: 'ask-1', kind: 'ask', origin: 'administrator', userId: 3, at: clock.now() } as const;
    storage.hints.set(hint.id, { ...hint, isDone: false });
    await clock.advance(5000);
    await watch.resume();
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });
});

it('A person who has just signed in gets their userid', async () => {
  const { organization, storage, watch, clock } = setUp();
  organization.join('newcomer', 'id-newcomer');
  storage.bind('newcomer', 50);
  watch.met('newcomer');
  await watch.idle();
  await clock.advance(1);
  await watch.hear(event('left', organization.leave('newcomer')));
  await watch.idle();
  expect(storage.lockedByUs).toEqual([50]);
});

describe('The leave records', () => {
  it('are hints, from all pages, and the same one twice is one', async () => {
    const { organization, storage, watch, clock, directory } = setUp(300);
    storage.hasBrake = false;
    for (let userId = 2; userId < 132; userId++) organization.leave(`person-${userId}`, clock.now() - HOUR);
    await watch.records();
    await watch.idle();
    expect(storage.lockedByUs).toHaveLength(130);
    expect(directory.asked.filter((question) => question.startsWith('leaveRecords'))).toHaveLength(3);
    const asked = directory.asked.length;
    await watch.records();
    await watch.idle();
    expect(directory.asked.slice(asked)).toEqual(['leaveRecords 0']);
  });

  it('cost nothing more for people whose event arrived earlier', async () => {
    const { organization, watch, directory, clock } = setUp();
    await watch.hear(event('left', organization.leave('person-3', clock.now() - 60_000)));
    await watch.idle();
    const asked = directory.asked.length;
    await watch.records();
    await watch.idle();
    expect(directory.asked.slice(asked)).toEqual(['leaveRecords 0']);
  });

  it('do not delay an event', async () => {
    const { organization, storage, watch, clock } = setUp(300);
    storage.hasBrake = false;
    for (let userId = 2; userId < 102; userId++) organization.leave(`person-${userId}`, clock.now() - HOUR);
    await watch.records();
    await watch.hear(event('left', organization.leave('person-200')));
    await watch.idle();
    expect(storage.lockedByUs).toHaveLength(101);
    expect(storage.conclusions.findIndex(({ userId }) => userId === 200)).toBeLessThan(50);
  });

  it('are added to the evidence', async () => {
    const { organization, storage, watch, clock } = setUp();
    organization.leave('person-3', clock.now() - HOUR);
    await watch.records();
    await watch.idle();
    expect(storage.locks.get(3)?.evidence?.record).toEqual({ leftAt: clock.now() - HOUR, reason: 'delete' });
  });

  it('are still read if they arrive late', async () => {
    const { organization, storage, watch, clock } = setUp();
    await watch.records();
    await clock.advance(300_000);
    // DingTalk adds the record minutes after the event.
    organization.leave('person-3', clock.now() - 600_000);
    await watch.records();
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });

  it('end even if their pages loop', async () => {
    const { storage, clock } = setUp();
    const book = new InMemoryLeaverBook(storage, clock);
    const directory = new StandInDirectory(new StandInOrganization(), clock);
    let asked = 0;
    directory.leaveRecords = async () => {
      asked++;
      return { records: [], next: 'again' };
    };
    await new LeaverWatch({ book, directory, clock }).records();
    expect(asked).toBe(2);
    expect(storage.marks.has('records')).toBe(false);
    expect(storage.states).toContainEqual({
      trouble: { what: 'records', why: 'no_answer', detail: 'pages_repeat' },
    });
  });

  it('with a missing permission are reported once and requested hourly', async () => {
    const { storage, watch, clock, bad, directory } = setUp();
    bad.mishap = NO_PERMISSION;
    for (let minute = 0; minute < 120; minute += 5) {
      await watch.records();
      await clock.advance(300_000);
    }
    expect(directory.asked).toHaveLength(2);
    expect(storage.states).toHaveLength(1);
    bad.mishap = () => undefined;
    await watch.records();
    expect(storage.states.at(-1)).toEqual({ trouble: { what: 'records', why: 'none' } });
  });

  it('are read from where the last poll ended, whatever failed in between', async () => {
    const { organization, storage, watch, clock, bad } = setUp();
    await watch.records();
    organization.leave('person-3', clock.now());
    bad.mishap = NO_ANSWER;
    for (let hour = 0; hour < 48; hour++) {
      await clock.advance(HOUR);
      await watch.records();
    }
    bad.mishap = () => undefined;
    await watch.records();
    await watch.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });
});

describe('Another application', () => {
  it('of another organization, entered by mistake, locks no one, whatever administrators it has', async () => {
    const { watch, organization, storage, clock, start } = setUp();
    expect((await watch.night()).counts).toMatchObject({ here: 5 });
    await clock.wait(HOUR);
    // The other organization has an administrator, and none of our members.
    for (let userId = 2; userId < 7; userId++) organization.leave(`person-${userId}`);
    const other = start('two', 'client of another organization');
    expect((await other.night()).counts).toMatchObject({ here: 0 });
    await other.hear(event('left', 'id-3'));
    await other.ask(4);
    await other.idle();
    expect(storage.lockedByUs).toEqual([]);
    expect(storage.told).toContainEqual({ userId: 3, why: 'never_known', detail: 'another_application' });
    // After the mistake is corrected, people who were missing only in that application are members again.
    for (let userId = 2; userId < 6; userId++) organization.join(`person-${userId}`, `id-${userId}`);
    await clock.wait(HOUR);
    const again = start('three');
    await again.night();
    expect(storage.lockedByUs).toEqual([]);
  });

  it('of the same organization is believed about people whom it has shown', async () => {
    const { watch, organization, storage, clock, start } = setUp();
    await watch.night();
    await clock.wait(HOUR);
    const other = start('two', 'new application');
    await other.night();
    await clock.wait(HOUR);
    await other.hear(event('left', organization.leave('person-3')));
    await other.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });

  it('is not detected just because of a restart', async () => {
    const { watch, organization, storage, clock, start } = setUp();
    await watch.night();
    await clock.wait(HOUR);
    const other = start('two');
    await other.hear(event('left', organization.leave('person-3')));
    await other.idle();
    expect(storage.lockedByUs).toEqual([3]);
  });
});
