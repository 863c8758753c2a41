import { isNocoBasesOwn, profileField } from './profile-field.js';

describe('the name of a field that a profile may fill', () => {
  it.each(['nickname', 'phone', 'email', 'avatarUrl', 'job_number', 'f_1a2b3c4d', 'x'])('may be %s', (name) => {
    expect(profileField(name)).toBe(name);
  });

  it.each(
    [
      ['id', 'ID', 'roles', 'Roles', 'password', 'passWord', 'username', 'user_name', 'resetToken', 'reset_token'],
      ['RESETTOKEN', 'createdById', 'departments', 'mainDepartmentId', 'usersAuthenticators', 'systemSettings'],
    ].flat(),
  )('is never %s, which is reserved by NocoBase', (name) => {
    expect(profileField(name)).toBeUndefined();
    expect(isNocoBasesOwn(name)).toBe(true);
  });

  it.each(['', ' ', '1a', '_a', '__proto__', 'a.b', 'roles.name', 'a b', 'a-b', 'a,b', 'ä', 'x'.repeat(64), 'a\n'])(
    'is never %j, which is no valid name',
    (name) => {
      expect(profileField(name)).toBeUndefined();
    },
  );
});
