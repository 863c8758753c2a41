import { NotFoundError, UnexpectedError } from './gateway.error.js';

describe('an error that people see', () => {
  it('is recognized by its name', () => {
    expect(String(new NotFoundError())).toBe('NotFoundError: not_found');
  });

  it('keeps the stack of its cause, for the log', () => {
    const error = new UnexpectedError(new Error('not thought of'));
    expect((error.cause as Error).stack).toMatch(/\n\s+at /);
  });
});
