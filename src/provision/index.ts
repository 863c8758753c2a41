export { GATEWAY_RIGHTS } from './gateway-rights.js';
export { provision, type ProvisionOptions, type ProvisionStep } from './provision.js';
