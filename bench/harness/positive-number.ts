import { InvalidArgumentError } from 'commander';

/** What a flag says that takes a number. @throws InvalidArgumentError, which commander shows */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a number above 0 is wanted');
  return value;
}
