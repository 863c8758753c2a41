import { fieldState, textToStore } from './stored-value.js';
import { profileField } from './profile-field.js';

const PHONE = profileField('phone')!;
const NICKNAME = profileField('nickname')!;

describe('a value stored by NocoBase', () => {
  it.each([
    ['+8613800000000', 'same'],
    ['13800000000', 'same'],
    ['86-13800000000', 'same'],
    [13_800_000_000, 'same'],
    ['13800000001', 'other'],
    ['', 'empty'],
    [null, 'empty'],
    [undefined, 'hidden'],
    [{}, 'hidden'],
  ])('of a phone number, %j is %s, whatever its format', (stored, expected) => {
    expect(fieldState(stored, PHONE, '+8613800000000', 'CN')).toBe(expected);
  });

  it.each([
    ['Li Lei', 'same'],
    ['li lei', 'other'],
    ['+8613800000000', 'other'],
  ])('of a text, %j is %s', (stored, expected) => {
    expect(fieldState(stored, NICKNAME, 'Li Lei', 'CN')).toBe(expected);
  });

  it('is a number as people dial it at home, and any other text unchanged', () => {
    expect(textToStore(PHONE, '+8613800000000', 'CN')).toBe('13800000000');
    expect(textToStore(PHONE, '+8613800000000', 'DE')).toBe('+8613800000000');
    expect(textToStore(NICKNAME, '+8613800000000', 'CN')).toBe('+8613800000000');
  });
});
