export { AuthenticatorMissingError, type Binding, Bindings } from './bindings.js';
export { NocoBaseAdmin } from './nocobase-admin.js';
export { provision, ProvisionRefusedError, type ProvisionStep } from './provision.js';
export { OUTCOMES } from './texts.js';
export { findUsers, type PersonAtNocoBase, type UserKey } from './people.js';
