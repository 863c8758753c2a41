import { run } from './index.js';
import type { Io, Surroundings } from './io.js';

const start = jest.fn<Promise<number | undefined>, [Io]>();
jest.mock('./start.command.js', () => ({ start }));

describe('A SIGHUP while the gateway starts', () => {
  const present = process.listeners('SIGHUP');

  afterEach(() => {
    for (const listener of process.listeners('SIGHUP')) {
      if (!present.includes(listener)) process.off('SIGHUP', listener);
    }
  });

  it.each([[[]], [['start']], [['start', '--lang', 'zh']], [['--lang=zh']]])(
    'does not end it, and reaches those who listen by then (%j)',
    async (args) => {
      const reload = jest.fn();
      start.mockImplementationOnce(async () => {
        // Without a listener this would end the process.
        expect(process.emit('SIGHUP')).toBe(true);
        process.on('SIGHUP', reload);
        return undefined;
      });
      await run(args, { environment: {} } as Surroundings);
      expect(reload).toHaveBeenCalledTimes(1);
    },
  );

  it('is not sent without cause', async () => {
    const reload = jest.fn();
    start.mockImplementationOnce(async () => {
      process.on('SIGHUP', reload);
      return undefined;
    });
    await run([], { environment: {} } as Surroundings);
    expect(reload).not.toHaveBeenCalled();
  });
});
