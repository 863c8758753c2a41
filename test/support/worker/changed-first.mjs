// The order of suites: those of recently changed files first, so that a new failure is reported within the first minute; then the
// slow ones, so that both workers finish together; all others in Jest's own order.
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sequencer from '@jest/test-sequencer';
import { changedFirst } from './suite-order.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @returns paths from the root of what is uncommitted, new, or was changed by the last commit */
function changedFiles() {
  const questions = [
    ['diff', '--name-only', 'HEAD'],
    ['ls-files', '--others', '--exclude-standard'],
    ['diff', '--name-only', 'HEAD~1', 'HEAD'],
  ];
  return questions.flatMap((question) => {
    try {
      const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
      return execFileSync('git', question, options).split('\n').filter(Boolean);
    } catch {
      // No Git here, or no previous commit.
      return [];
    }
  });
}

export default class ChangedFirst extends Sequencer {
  async sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of Jest's
    return changedFirst(await super.sort(tests), changedFiles(), ({ path }) => relative(root, path));
  }
}
