import { FailureLines, type WithheldLines } from './failure-lines.js';

describe('Log lines about failures', () => {
  const reported: WithheldLines[] = [];
  const written = (lines: FailureLines, times: number, ip: (index: number) => string, code = 'invalid_state'): number =>
    Array.from({ length: times }, (_, index) => lines.mayWrite(ip(index), code)).filter(Boolean).length;

  beforeEach(() => {
    reported.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());
  const made = (): FailureLines => new FailureLines((lines) => reported.push(lines));

  it('are limited to twenty a minute for an address; the rest are counted', () => {
    const lines = made();
    expect(written(lines, 1000, () => '203.0.113.7')).toBe(20);
    expect(written(lines, 50, () => '203.0.113.7', 'invalid_request')).toBe(0);
    expect(written(lines, 5, () => '203.0.113.8')).toBe(5);
    expect(reported).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(reported).toEqual([{ withheld: 1030, codes: { invalid_state: 980, invalid_request: 50 } }]);
    expect(written(lines, 1, () => '203.0.113.7')).toBe(1);
    jest.advanceTimersByTime(60_000);
    expect(reported).toHaveLength(1);
  });

  it('are limited for the networks around an IPv6 address', () => {
    expect(written(made(), 1000, (index) => `2001:db8:1:1${(index % 100).toString().padStart(2, '0')}::1`)).toBe(40);
    expect(written(made(), 1000, (index) => `2001:db8:1:${(index % 256).toString(16)}00::1`)).toBe(80);
  });

  it('are limited in total, from any number of addresses', () => {
    const lines = made();
    expect(written(lines, 2000, (index) => `198.51.${index >> 8}.${index & 255}`)).toBe(300);
    jest.advanceTimersByTime(60_000);
    expect(reported).toEqual([{ withheld: 1700, codes: { invalid_state: 1700 } }]);
  });
});
