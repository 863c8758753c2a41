import { InvalidArgumentError } from 'commander';

/** The value of a numeric flag. @throws InvalidArgumentError, which commander shows */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a number above 0 is wanted');
  return value;
}
