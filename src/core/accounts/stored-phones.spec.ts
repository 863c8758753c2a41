import { lookAtStoredPhones } from './stored-phones.js';

describe('The check of stored phone numbers', () => {
  const reader = (phones: readonly (string | null | undefined)[]) => {
    const pages: number[] = [];
    const read = async ({ number, size }: { number: number; size: number }) => {
      pages.push(number);
      const users = phones.map((phone, index) => ({ id: index + 1, phone }));
      return users.slice((number - 1) * size, number * size);
    };
    return { read, pages };
  };

  it('counts the numbers by which no one can be found, and names some of their users', async () => {
    const { read } = reader([
      '13800000000',
      null,
      '',
      ' ',
      '138x',
      undefined,
      '+1 650 253 0000',
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
    ]);
    expect(await lookAtStoredPhones('CN', read)).toEqual({
      numbers: 9,
      unreadable: 7,
      users: [5, 8, 9, 10, 11],
      isAll: true,
    });
  });

  it.each([
    [0, 1, true],
    [199, 1, true],
    [200, 2, true],
    [1999, 10, true],
    [5000, 10, false],
  ])('of %i users reads %i pages', async (users, asked, isAll) => {
    const { read, pages } = reader(Array.from({ length: users }, () => '13800000000'));
    expect(await lookAtStoredPhones('CN', read)).toEqual({
      numbers: Math.min(users, 2000),
      unreadable: 0,
      users: [],
      isAll,
    });
    expect(pages).toHaveLength(asked);
  });

  it('returns undefined if a page cannot be read', async () => {
    expect(await lookAtStoredPhones('CN', async () => undefined)).toBeUndefined();
  });
});
