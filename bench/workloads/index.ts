import type { Workload } from '../harness/workload.js';
import { returningPerson } from './returning-person.js';
import { startRedirect } from './start-redirect.js';

export const WORKLOADS: readonly Workload[] = [startRedirect, returningPerson];
