import { UpstreamBusyError } from '../upstream/index.js';
import type { BoundPerson } from '../leavers/index.js';
import { BookStorage, InMemoryLeaverBook } from '../../../test/support/in-memory-leaver-book.js';
import {
  type Mishap,
  NO_PERMISSION,
  OUT_OF_SCOPE,
  StandInDirectory,
  StandInOrganization,
} from '../../../test/support/stand-in-directory.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { Inquiry } from './inquiry.js';
import { KnownRecords } from './known-records.js';

const NO_ANSWER = (): Error => new UpstreamBusyError({ upstream: 'DingTalk', operation: 'member' }, '90018');

/** An inquiry about Ann, with Bob, Cid and Dan as colleagues, and boss as an administrator. */
function setUp(mishap: (question: string, count: number) => Mishap = () => undefined, latency = 0) {
  const clock = new VirtualClock();
  const organization = new StandInOrganization();
  const storage = new BookStorage();
  for (const [index, name] of ['ann', 'bob', 'cid', 'dan'].entries()) {
    organization.join(name, `id-${name}`);
    storage.bind(name, index + 2, `id-${name}`, 1000 - index);
  }
  const counts = new Map<string, number>();
  const directory = new StandInDirectory(
    organization,
    clock,
    (question) => {
      const count = (counts.get(question) ?? 0) + 1;
      counts.set(question, count);
      return mishap(question, count);
    },
    undefined,
    () => latency,
  );
  const book = new InMemoryLeaverBook(storage, clock);
  const inquiry = new Inquiry(directory, book, new KnownRecords(directory, clock), clock);
  const person = async (): Promise<BoundPerson> => {
    const [ann] = await book.byUnionId('ann');
    if (ann === undefined) throw new Error('nobody');
    return ann;
  };
  const ask = async (changes: Partial<BoundPerson> = {}) => inquiry.about({ ...(await person()), ...changes }, 'night');
  return { clock, organization, storage, directory, inquiry, person, ask };
}

describe('An inquiry about a person', () => {
  it('finds a member in one call', async () => {
    const { ask, directory } = setUp();
    expect(await ask()).toMatchObject({
      finding: { kind: 'here', userid: 'id-ann', evidence: { code: 0, requestId: 'request' } },
    });
    expect(directory.asked).toEqual(['member id-ann']);
  });

  it.each([60121, 33012] as const)('finds that they left: %i, with a colleague confirmed in between', async (code) => {
    const { ask, directory, organization, clock } = setUp();
    organization.goneCode = code;
    organization.leave('ann');
    const at = clock.now();
    expect(await ask()).toEqual({
      finding: {
        kind: 'left',
        evidence: {
          code,
          userid: 'id-ann',
          askedAt: at,
          requestId: 'request',
          witness: { userid: 'id-bob', askedAt: at },
        },
      },
      goneToo: [],
    });
    expect(directory.asked).toEqual(['member id-ann', 'employee ann', 'member id-bob', 'member id-ann']);
  });

  it('adds the leave record if available, and works without it', async () => {
    const { inquiry, person, organization, clock } = setUp();
    organization.leave('ann', clock.now());
    const evidence = { record: { leftAt: clock.now(), reason: 'delete' } };
    expect(await inquiry.about(await person(), 'now')).toMatchObject({ finding: { kind: 'left', evidence } });
    const refused = setUp((question) => (question === 'leaveRecords' ? NO_PERMISSION() : undefined));
    refused.organization.leave('ann', refused.clock.now());
    const { finding } = await refused.inquiry.about(await refused.person(), 'now');
    expect(finding.kind).toBe('left');
    expect(finding).not.toHaveProperty('evidence.record');
  });

  it('asks about up to three colleagues; reports those who are gone, and needs only one', async () => {
    const { ask, organization } = setUp();
    for (const name of ['ann', 'bob', 'cid']) organization.leave(name);
    const { finding, goneToo } = await ask();
    expect(finding).toMatchObject({ kind: 'left', evidence: { witness: { userid: 'id-dan' } } });
    expect(goneToo).toEqual(['id-bob', 'id-cid']);
  });

  it('asks about an administrator if no colleague is left', async () => {
    const { ask, organization } = setUp();
    for (const name of ['ann', 'bob', 'cid', 'dan']) organization.leave(name);
    organization.administrators.push('id-ann', 'id-boss');
    expect((await ask()).finding).toEqual({ kind: 'unclear', why: 'no_witness' });
    organization.join('boss', 'id-boss');
    expect((await ask()).finding).toMatchObject({ kind: 'left', evidence: { witness: { userid: 'id-boss' } } });
  });

  it('uses no witness without a userid in the book, or who has left according to it', async () => {
    const { directory, clock, person, organization } = setUp();
    const ann = await person();
    const known = [
      { ...ann, unionId: 'bob', userid: undefined },
      { ...ann, unionId: 'cid', userid: 'id-cid', hasLeft: true },
      ann,
      { ...ann, unionId: 'dan', userid: 'id-dan' },
    ];
    organization.leave('ann');
    const inquiry = new Inquiry(directory, { witnesses: async () => known }, new KnownRecords(directory, clock), clock);
    await inquiry.about(ann, 'night');
    expect(directory.asked).toEqual(['member id-ann', 'employee ann', 'member id-dan', 'member id-ann']);
  });

  it('does not accept as a witness another person with a colleague’s userid', async () => {
    const { ask, organization } = setUp();
    for (const name of ['ann', 'bob', 'cid', 'dan']) organization.leave(name);
    for (const name of ['bob', 'cid', 'dan']) organization.join(`another-${name}`, `id-${name}`);
    expect((await ask()).finding).toEqual({ kind: 'unclear', why: 'no_witness' });
  });

  it('does not accept the person as their own witness, whatever their userid', async () => {
    const { ask, organization } = setUp((question, count) =>
      // The new userid is looked up before DingTalk's servers know it.
      question === 'employee' && count === 1 ? 'nobody' : undefined,
    );
    for (const name of ['ann', 'bob', 'cid', 'dan']) organization.leave(name);
    organization.join('ann', 'id-new');
    organization.administrators.push('id-new');
    expect((await ask()).finding).toEqual({ kind: 'unclear', why: 'no_witness' });
  });

  it('concludes nothing if more than a minute lies between the person and the colleague', async () => {
    const { ask, organization } = setUp(undefined, 25_000);
    organization.leave('ann');
    expect((await ask()).finding).toMatchObject({ kind: 'unclear', why: 'no_answer' });
    const fast = setUp(undefined, 15_000);
    fast.organization.leave('ann');
    expect((await fast.ask()).finding.kind).toBe('left');
  });

  it('ignores an answer that the next one contradicts', async () => {
    const { ask } = setUp((question, count) =>
      question === 'employee' || (question === 'member' && count === 1) ? 'nobody' : undefined,
    );
    expect((await ask()).finding).toEqual({ kind: 'unclear', why: 'no_answer', detail: 'contradiction' });
  });

  it('ignores an answer about the userid that the one about the unionId contradicts', async () => {
    const { ask } = setUp((question) => (question === 'member' ? 'nobody' : undefined));
    expect((await ask()).finding).toEqual({ kind: 'unclear', why: 'no_answer', detail: 'contradiction' });
  });

  it('finds them under their new userid', async () => {
    const { ask, organization } = setUp();
    organization.leave('ann');
    organization.join('ann', 'id-again');
    expect((await ask()).finding).toMatchObject({ kind: 'here', userid: 'id-again' });
    organization.join('eve', 'id-ann');
    expect((await ask()).finding).toMatchObject({ kind: 'here', userid: 'id-again' });
  });

  it('concludes nothing about a person whose userid now belongs to another', async () => {
    const { ask, organization } = setUp();
    organization.leave('ann');
    organization.join('eve', 'id-ann');
    expect((await ask()).finding).toEqual({ kind: 'unclear', why: 'userid_of_another' });
  });

  it('learns a userid by the unionId, and concludes no leaving without one', async () => {
    const { ask, organization, directory } = setUp();
    expect((await ask({ userid: undefined })).finding).toMatchObject({ kind: 'here', userid: 'id-ann' });
    organization.leave('ann');
    expect((await ask({ userid: undefined })).finding).toEqual({ kind: 'unclear', why: 'never_known' });
    expect(directory.asked).toEqual(['employee ann', 'employee ann']);
  });

  it.each([
    ['out_of_scope', OUT_OF_SCOPE],
    ['no_permission', NO_PERMISSION],
    ['no_answer', NO_ANSWER],
    ['no_answer', () => new Error('whatever')],
  ] as const)('reports %s if DingTalk does not answer about the person', async (why, error) => {
    const { ask, organization } = setUp(() => error());
    organization.leave('ann');
    expect((await ask()).finding).toMatchObject({ kind: 'unclear', why });
  });

  it('treats a failed call about a colleague as no answer, not as a missing colleague', async () => {
    const { ask, organization } = setUp((question, count) =>
      question === 'member' && count > 1 ? NO_ANSWER() : undefined,
    );
    organization.leave('ann');
    expect((await ask()).finding).toMatchObject({ kind: 'unclear', why: 'no_answer' });
  });

  it('throws what the book throws, which says nothing about DingTalk', async () => {
    const { organization, directory, clock, person } = setUp();
    organization.leave('ann');
    const witnesses = async () => Promise.reject(new Error('NocoBase is away'));
    const inquiry = new Inquiry(directory, { witnesses }, new KnownRecords(directory, clock), clock);
    await expect(inquiry.about(await person(), 'now')).rejects.toThrow('NocoBase is away');
  });
});
