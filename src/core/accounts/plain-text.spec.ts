import { nonEmptyString } from './non-empty-string.js';
import { plainBinding, plainProfile, plainUser, writeOrPlain } from './plain-text.js';
import { profileField, type ProfileValues } from './profile-field.js';

const USER = { subject: nonEmptyString('u'), nickname: '张三', username: nonEmptyString('dingtalk_1'), roles: [] };
const profile = (values: Record<string, string>): ProfileValues =>
  new Map(Object.entries(values).map(([field, value]) => [profileField(field)!, value]));

describe('text of at most three bytes a character', () => {
  it('is left unchanged', () => {
    expect(plainUser({ ...USER, profile: profile({ jobTitle: '经理 ☎' }) })).toBeUndefined();
    expect(plainBinding({ subject: USER.subject, nickname: '张 三', organization: undefined })).toBeUndefined();
    expect(plainProfile(profile({ nickname: 'ﬀ ✓' }))).toBeUndefined();
  });

  it('is what remains of a name and of every field; the username does not change', () => {
    const user = plainUser({ ...USER, nickname: '张 😀 三𠮷', profile: profile({ jobTitle: '🎉经理', city: '🎉' }) });
    expect(user).toEqual({ ...USER, nickname: '张 三', profile: profile({ jobTitle: '经理' }) });
    expect(plainUser({ ...USER, nickname: '😀' })?.nickname).toBe('dingtalk_1');
    expect(plainBinding({ subject: USER.subject, nickname: '😀', organization: 'o' })).toEqual({
      subject: 'u',
      nickname: '',
      organization: 'o',
    });
  });
});

describe('a refused record', () => {
  const attempt = async (plain: string | undefined, errors: readonly Error[]): Promise<[unknown, string[]]> => {
    const written: string[] = [];
    const write = async (text: string): Promise<string> => {
      written.push(text);
      const error = errors[written.length - 1];
      if (error !== undefined) throw error;
      return text;
    };
    const isRefusal = (error: unknown): boolean => error instanceof RangeError;
    const outcome: unknown = await writeOrPlain('rare', plain, write, isRefusal).catch((error: unknown) => error);
    return [outcome, written];
  };

  it('is written once more in plain characters, but not a second time', async () => {
    expect(await attempt('plain', [])).toEqual(['rare', ['rare']]);
    expect(await attempt('plain', [new RangeError()])).toEqual(['plain', ['rare', 'plain']]);
    expect(await attempt('plain', [new RangeError('1'), new RangeError('2')])).toEqual([
      new RangeError('2'),
      ['rare', 'plain'],
    ]);
  });

  it('is not retried for another reason, or if nothing would change', async () => {
    expect(await attempt('plain', [new TypeError()])).toEqual([new TypeError(), ['rare']]);
    expect(await attempt(undefined, [new RangeError()])).toEqual([new RangeError(), ['rare']]);
  });
});
