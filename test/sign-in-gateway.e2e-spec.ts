import { describeSignIns } from './sign-in-cases/index.js';
import { GatewayHost } from './support/gateway-host.js';
import { isProgram } from './support/gateway.js';

// A test cannot change the clock of a separate process.
describe('At a gateway', () => describeSignIns(async () => GatewayHost.launch(), { canMoveClock: !isProgram }));
