import { registersAnybody } from './who-registers.js';

describe('Anybody with a DingTalk account', () => {
  it.each([
    [true, [], true],
    [true, ['dingcorp1'], false],
    [true, ['dingcorp1', 'dingcorp2'], false],
    [false, [], false],
    [false, ['dingcorp1'], false],
  ])('becomes a user with sign-up %j and organizations %j: %j', (autoSignUp, corpIds, expected) => {
    expect(registersAnybody({ autoSignUp, corpIds })).toBe(expected);
  });
});
