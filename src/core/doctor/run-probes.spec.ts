import { text } from '../texts/index.js';
import { failed, ok, type Probe } from './probe.js';
import { runProbes } from './run-probes.js';

const SAID = text('said', '已说');
const probe = (id: string, run: Probe<object>['run'], needs: readonly string[] = []): Probe<object> => ({
  id,
  title: text(id, id),
  run,
  needs,
});
const hangs = async (): Promise<never> => new Promise(() => undefined);
const works = async () => ok(SAID);

describe('Probes', () => {
  afterEach(() => jest.useRealTimers());

  it('report in the order of their list, and name the probe that blocked them', async () => {
    const asked = jest.fn(works);
    const results = await runProbes(
      [probe('a', works), probe('b', async () => failed(SAID, SAID), ['a']), probe('c', asked, ['b'])],
      {},
    );
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'ok'],
      ['b', 'failed'],
      ['c', 'skipped'],
    ]);
    expect(asked).not.toHaveBeenCalled();
  });

  it('report no result once the total time is up, whatever their own limit', async () => {
    jest.useFakeTimers();
    const slow = probe('slow', hangs);
    const last = probe('last', hangs, ['first']);
    const first = probe('first', async () => new Promise((done) => setTimeout(() => done(ok(SAID)), 14_000)));
    const running = runProbes([slow, first, last], {}, 20_000);
    await jest.advanceTimersByTimeAsync(20_000);
    expect((await running).map(({ status, detail }) => [status, detail.en])).toEqual([
      ['failed', 'no answer (ETIMEDOUT)'],
      ['ok', 'said'],
      ['failed', 'no answer (ETIMEDOUT)'],
    ]);
  });
});
