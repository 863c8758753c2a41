import type { Workload } from '../harness/workload.js';
import { addedLatency } from './added-latency.js';
import { firstSignIn } from './first-sign-in.js';
import { footprint } from './footprint.js';
import { leaving } from './leaving.js';
import { nightlyCheck } from './nightly-check.js';
import { nocobaseWays } from './nocobase-ways.js';
import { realNocoBase } from './real-nocobase.js';
import { rejected } from './rejected.js';
import { returningPerson } from './returning-person.js';
import { startRedirect } from './start-redirect.js';
import { twoReplicas } from './two-replicas.js';

export const WORKLOADS: readonly Workload[] = [
  startRedirect,
  returningPerson,
  addedLatency,
  firstSignIn,
  realNocoBase,
  rejected,
  twoReplicas,
  nocobaseWays,
  nightlyCheck,
  leaving,
  footprint,
];
