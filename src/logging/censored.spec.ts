import { censored } from './censored.js';

const NAMES = new Set(['token', 'email']);

describe('a censored line', () => {
  it('contains no value of a secret name, at the top, below, and in lists', () => {
    const line = {
      token: 'CANARY',
      event: 'x',
      of: { email: 'CANARY', id: 7, deeper: { token: ['CANARY'] } },
      people: [{ email: 'CANARY' }, 'text', null, { id: 8 }],
    };
    expect(censored(line, NAMES)).toEqual({
      token: '[redacted]',
      event: 'x',
      of: { email: '[redacted]', id: 7, deeper: { token: '[redacted]' } },
      people: [{ email: '[redacted]' }, 'text', null, { id: 8 }],
    });
    // The caller's object is unchanged.
    expect(line.token).toBe('CANARY');
    expect(line.of.email).toBe('CANARY');
  });

  it('is unchanged if nothing is secret', () => {
    const line = { event: 'x', of: { id: 7, list: [1, { a: 2 }] }, nothing: undefined, none: null, token: undefined };
    expect(censored(line, NAMES)).toBe(line);
  });

  it('ends if it refers to itself', () => {
    const line: Record<string, unknown> = { event: 'x', token: 'CANARY' };
    line['self'] = line;
    const shown = censored(line, NAMES);
    expect(shown).toMatchObject({ event: 'x', token: '[redacted]', self: { token: '[redacted]' } });
    expect(JSON.stringify(shown)).not.toContain('CANARY');
  });
});
