export { provision, ProvisionRefusedError } from './provision.js';
