import { UpstreamBusyError } from '../upstream/index.js';
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
import { NIGHT_MARKS, NIGHT_PAGE } from './nightly-check.js';
import { nightMarkAsText, nightMarkOf } from './night-mark.js';

const HOUR = 3_600_000;
const NO_ANSWER = (): Error => new UpstreamBusyError({ upstream: 'DingTalk', operation: 'member' }, '90018');

function setUp(size: number, withUserids = true) {
  const clock = new VirtualClock();
  const organization = new StandInOrganization();
  const storage = new BookStorage();
  for (let userId = 2; userId < size + 2; userId++) {
    organization.join(`person-${userId}`, `id-${userId}`);
    if (withUserids) storage.bind(`person-${userId}`, userId, `id-${userId}`, 1);
    else storage.bind(`person-${userId}`, userId);
  }
  const bad: { mishap: (question: string) => Mishap; step: Step } = { mishap: () => undefined, step: () => undefined };
  const directory = new StandInDirectory(organization, clock, (question) => bad.mishap(question));
  const start = (holder = 'one') => {
    const book = new InMemoryLeaverBook(storage, clock, holder, (name, moment) => bad.step(name, moment));
    return new LeaverWatch({ book, directory, clock });
  };
  return { clock, organization, storage, directory, bad, start, watch: start() };
}

/** The n-th call of this method fails. */
function failing(name: string, nth: number): Step {
  let calls = 0;
  return (called, moment) => {
    if (called === name && moment === 'before' && (calls += 1) === nth) throw new Error(`${name} fails`);
  };
}

describe('The nightly check', () => {
  it('finds who left without an event', async () => {
    const { watch, organization, storage } = setUp(450);
    for (const userId of [2, 200, 451]) organization.leave(`person-${userId}`);
    const outcome = await watch.night();
    expect(outcome).toEqual({ end: 'done', counts: { bound: 450, asked: 450, here: 447, left: 3, unclear: 0 } });
    expect(storage.lockedByUs).toEqual([2, 200, 451]);
  });

  it('first learns missing userids, and asks about no one twice', async () => {
    const { watch, storage, directory } = setUp(300, false);
    await watch.night();
    expect([...storage.rows.values()].every(({ userid, userId }) => userid === `id-${userId}`)).toBe(true);
    expect(directory.asked.filter((question) => question !== 'scopes')).toHaveLength(300);
    expect(storage.states).toContainEqual({ progress: { done: NIGHT_PAGE, of: 300 } });
    expect(storage.states.at(-2)).toMatchObject({ nightEndedAt: expect.any(Number) as number });
  });

  it('is still due after a trial that locks no one, and resumes where it was interrupted', async () => {
    const { watch, storage, bad, clock, organization } = setUp(500);
    bad.step = failing('setMark', 2);
    await expect(watch.night()).rejects.toThrow('fails');
    bad.step = () => undefined;
    const marks = [...storage.marks];
    organization.leave('person-450');
    await clock.advance(60_000);
    storage.mode = 'report';
    const states = storage.states.length;
    const counts = { bound: 500, asked: 500, here: 499, left: 1, unclear: 0 };
    expect(await watch.night({ isTrial: true, origin: 'command' })).toEqual({ end: 'done', counts });
    expect([[...storage.marks], await watch.nightEndedAt()]).toEqual([marks, undefined]);
    expect(storage.states.slice(states).filter(({ progress, nightEndedAt }) => progress ?? nightEndedAt)).toEqual([]);
    storage.mode = 'lock';
    expect(await watch.night()).toMatchObject({ end: 'done' });
    expect(storage.lockedByUs).toEqual([450]);
  });

  it('locks no one whose userid was never known', async () => {
    const { watch, organization, storage } = setUp(5, false);
    organization.leave('person-3');
    await watch.night();
    expect(storage.lockedByUs).toEqual([]);
    expect(storage.told).toMatchObject([{ userId: 3, why: 'never_known' }]);
  });

  it('unlocks returning people, and asks about the others who left in one call each', async () => {
    const { watch, organization, storage, clock, directory } = setUp(20);
    for (const userId of [3, 4]) organization.leave(`person-${userId}`);
    await watch.night();
    expect(storage.lockedByUs).toEqual([3, 4]);
    organization.join('person-3', 'id-again');
    await clock.advance(24 * HOUR);
    const before = directory.asked.length;
    await watch.night();
    expect(storage.lockedByUs).toEqual([4]);
    expect(directory.asked.slice(before).filter((question) => question.includes('-4'))).toEqual(['employee person-4']);
  });

  it('is done by one replica at a time', async () => {
    const { watch, start } = setUp(50);
    const [one, two] = await Promise.all([watch.night(), start('two').night()]);
    expect([one.end, two.end].toSorted((a, b) => a.localeCompare(b))).toEqual(['done', 'elsewhere']);
  });

  it('resumes where it was interrupted', async () => {
    const { watch, start, clock, directory } = setUp(1000);
    const stop = new AbortController();
    const outcome = await watch.night({
      signal: stop.signal,
      onProgress: (done) => done >= 600 && directory.asked.length > 500 && stop.abort(),
    });
    expect(outcome.end).toBe('aborted');
    await clock.advance(HOUR);
    expect(await start('two').night()).toMatchObject({ end: 'done', counts: { asked: 400 } });
  });

  it('starts again if the interruption was long ago', () => {
    const now = Date.UTC(2026, 8, 30);
    const mark = { startedAt: now - HOUR, phase: 'look', done: 400, after: 'a b' } as const;
    expect(nightMarkOf(nightMarkAsText(mark), now)).toEqual(mark);
    const anew = { startedAt: now, phase: 'fill', done: 0, after: undefined };
    expect(nightMarkOf(nightMarkAsText({ ...mark, startedAt: now - 21 * HOUR }), now)).toEqual(anew);
    for (const text of ['', 'nonsense', '12 look', `${now + 1} look 3`]) expect(nightMarkOf(text, now)).toEqual(anew);
  });

  it('has one page of people in memory, however many there are', async () => {
    const { start, clock, directory, storage } = setUp(1000);
    const book = new InMemoryLeaverBook(storage, clock);
    const sizes: number[] = [];
    const people = book.people.bind(book);
    book.people = async (after, size) => {
      sizes.push(size);
      return people(after, size);
    };
    expect(await new LeaverWatch({ book, directory, clock }).night()).toMatchObject({ end: 'done' });
    expect(new Set(sizes)).toEqual(new Set([NIGHT_PAGE]));
    expect(start).toBeDefined();
  });

  it('ends if a page repeats', async () => {
    const { clock, directory, storage } = setUp(3);
    const book = new InMemoryLeaverBook(storage, clock);
    const first = await book.people(undefined, 3);
    book.people = async () => first;
    await expect(new LeaverWatch({ book, directory, clock }).night()).rejects.toThrow('it gave before');
  });

  it.each([
    ['no_permission', NO_PERMISSION, 8],
    ['no_answer', NO_ANSWER, 27],
  ] as const)('stops at %s: further calls are useless', async (why, error, atMost) => {
    const { watch, bad, directory, storage } = setUp(500);
    bad.mishap = (question) => (question === 'member' ? error() : undefined);
    expect(await watch.night()).toMatchObject({ end: 'stopped', why });
    expect(directory.asked.filter((question) => question.startsWith('member')).length).toBeLessThanOrEqual(atMost);
    expect(storage.states).toContainEqual({ trouble: expect.objectContaining({ what: 'members', why }) as object });
    expect(storage.told).toEqual([]);
  });

  it('continues after occasional silences', async () => {
    const { watch, bad, storage, organization } = setUp(500);
    let asked = 0;
    bad.mishap = (question) => (question === 'member' && asked++ % 10 === 0 ? NO_ANSWER() : undefined);
    organization.leave('person-400');
    const { end, counts } = await watch.night();
    expect(end).toBe('done');
    expect(counts.unclear).toBeLessThan(10);
    expect(storage.lockedByUs).toEqual([400]);
  });

  it('retries unanswered people at the end of the page, not the next day', async () => {
    const { watch, bad, storage, organization } = setUp(30);
    organization.leave('person-4');
    let silent = true;
    bad.mishap = (question) => {
      if (question !== 'member' || !silent) return undefined;
      silent = false;
      return NO_ANSWER();
    };
    for (let userId = 2; userId < 4; userId++) storage.rows.delete(String(userId - 1).padStart(8, '0'));
    expect(await watch.night()).toMatchObject({ end: 'done', counts: { left: 1, unclear: 0 } });
    expect(storage.lockedByUs).toEqual([4]);
  });

  it('does not stop at the second silence of many people: only first answers are counted', async () => {
    const { watch, directory, storage } = setUp(200);
    const member = directory.ask.bind(directory);
    directory.ask = async (urgency, work) =>
      member(urgency, async (questions) =>
        work({
          ...questions,
          member: async (userid) => {
            if (Number(userid.slice(3)) % 5 === 0) throw NO_ANSWER();
            return questions.member(userid);
          },
        }),
      );
    expect(await watch.night()).toMatchObject({ end: 'done', counts: { unclear: 40 } });
    expect(storage.lockedByUs).toEqual([]);
  });

  it('stops if more than a quarter of the first two hundred are missing, and locks none of them', async () => {
    const { watch, organization, storage, directory, clock } = setUp(800);
    for (let userId = 2; userId < 80; userId++) organization.leave(`person-${userId}`);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await watch.night()).toMatchObject({ end: 'stopped', why: 'out_of_scope', detail: 'many_missing 78/200' });
      await clock.advance(HOUR);
    }
    expect(storage.lockedByUs).toEqual([]);
    expect(directory.asked.some((question) => question === 'member id-300')).toBe(false);
  });

  it('continues if an administrator confirms: the brake belongs to the book', async () => {
    const { watch, organization, storage } = setUp(800);
    for (let userId = 2; userId < 80; userId++) organization.leave(`person-${userId}`);
    expect(await watch.night({ evenIfMany: true, origin: 'command' })).toMatchObject({ end: 'done' });
    expect(storage.lockedByUs).toHaveLength(40);
    expect(storage.waitingForAdministrator.size).toBe(38);
  });

  it('does not count people who were missing before', async () => {
    const { watch, organization, storage, clock } = setUp(400);
    storage.hasBrake = false;
    for (let userId = 2; userId < 80; userId++) organization.leave(`person-${userId}`);
    await watch.night({ evenIfMany: true });
    await clock.advance(24 * HOUR);
    expect(await watch.night()).toMatchObject({ end: 'done' });
  });

  it('reports that the scope shrank, and locks no one because of it', async () => {
    const { watch, organization, storage, directory } = setUp(300);
    let scopes = 0;
    directory.scopeFingerprint = async () => `scope-${scopes++}`;
    for (let userId = 290; userId < 300; userId++) {
      Object.assign(organization.employees.get(`person-${userId}`) ?? {}, { isHidden: true });
    }
    expect(await watch.night()).toMatchObject({ end: 'done', why: 'out_of_scope', detail: 'scope_changed' });
    expect(storage.lockedByUs).toEqual([]);
    expect(storage.told).toHaveLength(10);
    await watch.ask(2);
    // One answer does not resolve a problem that only a complete check can report.
    expect(storage.states.at(-1)).not.toMatchObject({ trouble: { why: 'none' } });
  });

  it('works without the scope', async () => {
    const { watch, bad } = setUp(3);
    bad.mishap = (question) => (question === 'scopes' ? OUT_OF_SCOPE() : undefined);
    expect(await watch.night()).toMatchObject({ end: 'done' });
  });

  it('does not unlock because of an answer older than the evidence', async () => {
    const { watch, storage, organization, bad, clock, start } = setUp(5);
    const events = start();
    let isLeaving = true;
    bad.step = (name, moment) => {
      // All calls are done, and nothing is written yet.
      if (!isLeaving || name !== 'here' || moment !== 'before') return;
      isLeaving = false;
      organization.leave('person-3');
      const row = [...storage.rows.values()].find(({ userId }) => userId === 3);
      if (row !== undefined) row.leftAt = clock.now() + 1;
      storage.locks.set(3, { by: 'us', at: clock.now() });
    };
    await watch.night();
    expect(isLeaving).toBe(false);
    expect(storage.lockedByUs).toEqual([3]);
    expect(events).toBeDefined();
  });

  it('records when it started and ended', async () => {
    const { watch, storage, clock } = setUp(3);
    expect(await watch.nightEndedAt()).toBeUndefined();
    await watch.night();
    expect(await watch.nightEndedAt()).toBe(clock.now());
    expect(storage.marks.get(NIGHT_MARKS.under)).toBe('');
  });
});
