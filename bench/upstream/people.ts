/** One sign-in of one person, as DingTalk's code identifies it. */
export interface Person {
  readonly code: string;
  /** The NocoBase user; undefined for a person whom NocoBase does not know yet. */
  readonly userId: number | undefined;
}

export const CORP_ID = 'dingbench';
/** Returning people's ids start here; registered people get the ones after them. */
export const FIRST_RETURNING_ID = 1000;
export const RETURNING_PEOPLE = 20_000;
export const FIRST_REGISTERED_ID = FIRST_RETURNING_ID + RETURNING_PEOPLE;

let signIns = 0;

/** A code is valid once, so each has its own number. */
export function returning(number: number): Person {
  const person = number % RETURNING_PEOPLE;
  return { code: `r${person}.${(signIns += 1)}`, userId: FIRST_RETURNING_ID + person };
}

/** A person who has never signed in. */
export function newcomer(): Person {
  signIns += 1;
  return { code: `n${signIns}.${signIns}`, userId: undefined };
}

/** The DingTalk unionId of the person whom a code, or the token issued for it, belongs to. */
export function unionIdOf(code: string): string {
  return `bench-union-${code.slice(0, code.indexOf('.'))}`;
}

/** The user that a returning person is bound to. */
export function boundUser(unionId: string): number | undefined {
  const number = /^bench-union-r(\d+)$/.exec(unionId)?.[1];
  return number === undefined ? undefined : FIRST_RETURNING_ID + Number(number);
}

/** A Chinese mobile number, unique to the person. */
export function mobileOf(unionId: string): string {
  const [, kind, number] = /-([rn])(\d+)$/.exec(unionId) ?? [];
  return `${kind === 'r' ? '138' : '139'}${String(Number(number) % 100_000_000).padStart(8, '0')}`;
}

/** One in this many has left. */
export const ONE_LEFT_OF = 1000;

/** A person of an organization whose people are all checked. Their ids show whether they have left, so that no list is needed. */
export interface Colleague {
  readonly unionId: string;
  readonly userid: string;
}

/** @param number from 1 */
export function colleague(number: number): Colleague {
  const name = `${number % ONE_LEFT_OF === 0 ? 'gone' : 'here'}-${number}`;
  return { unionId: `bench-${name}`, userid: name };
}
