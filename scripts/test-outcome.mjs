// The result of a test run, from Jest's own reports. Types: test-outcome.d.mts.
import { relative } from 'node:path';

/** A name for each failure. A suite that could not be loaded has no tests to name. */
export function failures({ testResults }, root) {
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      const titles = failed.length === 0 ? ['(the suite itself)'] : failed.map(({ fullName }) => fullName);
      return titles.map((title) => `${relative(root, name)} › ${title}`);
    });
}

/** @param again the report of the rerun of what failed; undefined if there was none */
export function outcome(first, again, root) {
  const once = failures(first, root);
  const twice = again === undefined ? once : failures(again, root);
  // Tests that were loaded only in the rerun are not counted: they would have to be subtracted if they failed.
  const counted = first.numPassedTests + first.numFailedTests;
  const failedTests = Math.min(twice.length, first.numFailedTests);
  return {
    passed: again === undefined ? first.numPassedTests : counted - failedTests,
    failed: twice.length,
    skipped: first.numPendingTests + first.numTodoTests,
    flaky: once.filter((failure) => !twice.includes(failure)),
  };
}

/** The slowest suites, one per line. */
export function slowest({ testResults }, root, count) {
  const seconds = ({ startTime, endTime }) => (endTime - startTime) / 1000;
  const sorted = testResults.toSorted((one, other) => seconds(other) - seconds(one));
  return sorted
    .slice(0, count)
    .map((suite) => `${seconds(suite).toFixed(1).padStart(7)} s  ${relative(root, suite.name)}`);
}
