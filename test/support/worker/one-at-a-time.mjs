// A separate runner for suites that measure time: Jest finishes one runner before it starts the next, and this one runs its suites
// one after another. So nothing else of the run is active meanwhile.
import TestRunner from 'jest-runner';

export default class OneAtATime extends TestRunner {
  isSerial = true;
}
