import { InvalidEnvironmentError } from '../config/index.js';
import { codePattern } from '../core/settings/index.js';
import { isCode } from '../core/dingtalk/index.js';
import { readDingTalkSettings } from './dingtalk.config.js';

const REQUIRED = { DINGTALK_CLIENT_ID: 'dingabc', DINGTALK_CLIENT_SECRET: 'secret' };
const settingsWith = (pattern: string) => readDingTalkSettings({ ...REQUIRED, DINGTALK_CODE_PATTERN: pattern });

describe('An authorization code', () => {
  it.each(['a', '0123456789abcdef', '!~"#$%&', 'x'.repeat(512)])('may be any visible ASCII: %j', (code) => {
    expect(isCode(code)).toBe(true);
  });

  it.each(['', ' ', 'a b', 'a\n', '\na', 'a\u0000', 'a\u007f', 'é', '１', 'a\u200b', '😀', 'x'.repeat(513)])(
    'is not %j',
    (code) => {
      expect(isCode(code)).toBe(false);
    },
  );

  it.each([
    ['[0-9a-f]{32}', '0123456789abcdef'.repeat(2), '0123456789ABCDEF'.repeat(2)],
    ['[A-Za-z0-9_-]{8,64}', 'aB9_-xyz', 'aB9_-xy'],
    ['[abc]{1,512}', 'c'.repeat(512), 'd'],
    ['[0-9]{3}', '123', '123\n'],
  ])('matches %s if that pattern is configured', (text, good, bad) => {
    expect([isCode(good, codePattern(text)), isCode(bad, codePattern(text))]).toEqual([true, false]);
    expect(settingsWith(text).codePattern).toEqual(codePattern(text));
  });

  it.each(
    [
      [
        '(a+)+$',
        '.*',
        '[a-z]+',
        '[a-z]*',
        '[a-z]{0}',
        '[a-z]{1,}',
        '[a-z]{1,513}',
        '[a-z]{5,4}',
        '[z-a]{3}',
        '[^a]{3}',
      ],
      ['[a-z]', 'abc', '[]{3}', '[a-z]{3}|x', '[a-z]{3}[0-9]{3}', '[\\w]{3}', '[a b]{3}', '[a-z]{ 3}', '[a]{9999}'],
    ].flat(),
  )('cannot have the pattern %j: only one class with a bounded length is allowed', (text) => {
    expect(codePattern(text)).toBeUndefined();
    expect(() => settingsWith(text)).toThrow(
      new InvalidEnvironmentError([
        'DINGTALK_CODE_PATTERN must be one character class and a length from 1 to 512, such as [0-9a-f]{32}',
      ]),
    );
  });

  it('has no pattern by default', () => {
    expect(readDingTalkSettings(REQUIRED)).not.toHaveProperty('codePattern');
  });
});
