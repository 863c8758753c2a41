import { describeSignIns } from './sign-in-cases/index.js';
import { AloneHost } from './support/alone-host.js';

describe('At a NocoBase whose plugin signs people in by itself', () =>
  describeSignIns(async () => AloneHost.launch(), { canMoveClock: true }));
