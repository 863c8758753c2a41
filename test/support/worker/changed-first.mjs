// Which suites run first: those of what was changed last, so that what somebody has just broken is named within the first
// minute. Then what takes longest, so that both workers end together; all others in Jest's own order.
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sequencer from '@jest/test-sequencer';
import { changedFirst } from './suite-order.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @returns what is changed and not committed, or new, or was changed by the last commit; paths from the root */
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
      // No Git here, or no commit before this one.
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
