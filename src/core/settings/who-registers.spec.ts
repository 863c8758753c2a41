import { registersAnybody, registersByAccident, registersTheUnknown } from './who-registers.js';

describe('Anyone with a DingTalk account', () => {
  it.each([
    [true, [], true],
    [true, ['dingcorp1'], false],
    [true, ['dingcorp1', 'dingcorp2'], false],
    [false, [], false],
    [false, ['dingcorp1'], false],
  ])('becomes a user with sign-up %j and organizations %j: %j', (autoSignUp, corpIds, expected) => {
    expect(registersAnybody({ autoSignUp, corpIds })).toBe(expected);
  });

  it('does so by accident unless an administrator has confirmed it', () => {
    const registration = { autoSignUp: true, corpIds: [] };
    expect(registersByAccident({ ...registration, allowAnyOrganization: false })).toBe(true);
    expect(registersByAccident({ ...registration, allowAnyOrganization: true })).toBe(false);
    expect(registersByAccident({ autoSignUp: true, corpIds: ['dingcorp1'], allowAnyOrganization: false })).toBe(false);
  });
});

describe('A person without a mobile number', () => {
  it.each([
    [true, [], true],
    [true, ['dingcorp1'], false],
    [false, [], false],
  ])('is unidentified with sign-up %j and organizations %j: %j', (signUpWithoutPhone, corpIds, expected) => {
    expect(registersTheUnknown({ signUpWithoutPhone, corpIds })).toBe(expected);
  });
});
