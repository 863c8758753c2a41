// Jest's Node environment, with what the suites of one worker share: each suite has its own modules, so what has to outlive it is
// kept here, in the worker's process.
import { TestEnvironment } from 'jest-environment-node';
import { leaseNocoBase, takeBackAll } from './nocobase-lease.mjs';

export default class WorkerEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.leaseNocoBase = leaseNocoBase;
  }

  async teardown() {
    takeBackAll();
    await super.teardown();
  }
}
