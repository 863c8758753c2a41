import { readFileSync } from 'node:fs';
import { ofVariable } from '../texts/index.js';
import { fileProblem } from './file-problem.js';
import type { Found } from './judge.js';
import { withoutTrailingNewline } from './kinds.js';
import type { Setting } from './setting.js';

/** The value of a setting that a file holds. */
export function readSecretFile(path: string, { fromFile = withoutTrailingNewline }: Setting): Found {
  try {
    const value = fromFile(readFileSync(path));
    const isEmpty = value.length === 0 || (typeof value === 'string' && value.trim() === '');
    return isEmpty ? { problem: ofVariable('names a file that is empty'), isFile: true } : { value, isFile: true };
  } catch (error) {
    return { problem: fileProblem(path, error), isFile: true };
  }
}
