// A runner of its own for what measures time: Jest finishes one runner before it begins with the next, and this one takes
// its suites one after another. So nothing else of the run is at work meanwhile.
import TestRunner from 'jest-runner';

export default class OneAtATime extends TestRunner {
  isSerial = true;
}
