export { GATEWAY_RIGHTS, gatewayRights } from './gateway-rights.js';
export { provision, ProvisionRefusedError } from './provision.js';
