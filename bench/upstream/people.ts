/** One sign-in of one person, as DingTalk's code names it. */
export interface Person {
  readonly code: string;
  /** The NocoBase user; undefined for somebody whom NocoBase does not know yet. */
  readonly userId: number | undefined;
}

export const CORP_ID = 'dingbench';
/** Ids from here on belong to returning people; whoever registers gets one behind them. */
export const FIRST_RETURNING_ID = 1000;
export const RETURNING_PEOPLE = 20_000;
export const FIRST_REGISTERED_ID = FIRST_RETURNING_ID + RETURNING_PEOPLE;

let signIns = 0;

/** A code is good once, so each has a number of its own. */
export function returning(number: number): Person {
  const person = number % RETURNING_PEOPLE;
  return { code: `r${person}.${(signIns += 1)}`, userId: FIRST_RETURNING_ID + person };
}

/** Somebody who was never there before. */
export function newcomer(): Person {
  signIns += 1;
  return { code: `n${signIns}.${signIns}`, userId: undefined };
}

/** DingTalk's unionId of whom a code, or the token that was given for it, is of. */
export function unionIdOf(code: string): string {
  return `bench-union-${code.slice(0, code.indexOf('.'))}`;
}

/** The user that a returning person's binding leads to. */
export function boundUser(unionId: string): number | undefined {
  const number = /^bench-union-r(\d+)$/.exec(unionId)?.[1];
  return number === undefined ? undefined : FIRST_RETURNING_ID + Number(number);
}

/** A Chinese mobile number of the person's own. */
export function mobileOf(unionId: string): string {
  const [, kind, number] = /-([rn])(\d+)$/.exec(unionId) ?? [];
  return `${kind === 'r' ? '138' : '139'}${String(Number(number) % 100_000_000).padStart(8, '0')}`;
}

/** Every so many-th has left. */
export const ONE_LEFT_OF = 1000;

/** Somebody of an organization at which everybody is looked at. Their ids say whether they have left: no list is kept. */
export interface Colleague {
  readonly unionId: string;
  readonly userid: string;
}

/** @param number from 1 on */
export function colleague(number: number): Colleague {
  const name = `${number % ONE_LEFT_OF === 0 ? 'gone' : 'here'}-${number}`;
  return { unionId: `bench-${name}`, userid: name };
}
