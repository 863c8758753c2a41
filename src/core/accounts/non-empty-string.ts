declare const checked: unique symbol;

/** A string that is known not to be empty: the only kind of text a NocoBase filter accepts. */
export type NonEmptyString = string & { readonly [checked]: true };

/** @throws TypeError on an empty or blank string */
export function nonEmptyString(value: string): NonEmptyString {
  if (value.trim() === '') throw new TypeError('an empty value must never be looked up');
  return value as NonEmptyString;
}
