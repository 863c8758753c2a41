export { AuthenticatorMissingError, type Binding, type BindOutcome, Bindings } from './bindings.js';
export { GATEWAY_RIGHTS, gatewayRights } from './gateway-rights.js';
export { NocoBaseAdmin, type NocoBaseAccount } from './nocobase-admin.js';
export { provision, type ProvisionOptions, ProvisionRefusedError, type ProvisionStep } from './provision.js';
export { findUsers, type PersonAtNocoBase, type UserKey } from './people.js';
