import { NotFoundError, UnexpectedError } from './gateway.error.js';
import { withoutStack } from './without-stack.js';

describe('what is no mistake of the code', () => {
  it('notes no stack, and leaves that of others alone', () => {
    expect(new NotFoundError().stack).not.toMatch(/\n\s+at /);
    expect(new Error('of somebody else').stack).toMatch(/\n\s+at /);
    const cause = new Error('not thought of');
    expect((new UnexpectedError(cause).cause as Error).stack).toMatch(/\n\s+at /);
  });

  it('is told apart by its name, also after work that throws', () => {
    expect(() =>
      withoutStack(() => {
        throw new Error('refused');
      }),
    ).toThrow('refused');
    expect(new Error('of somebody else').stack).toMatch(/\n\s+at /);
    expect(String(new NotFoundError())).toBe('NotFoundError: not_found');
  });
});
