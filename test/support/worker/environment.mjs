// Jest's Node environment, with what suites of one worker share: each suite has modules of its own, so what is to outlive
// it is kept here, in the worker's process.
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
