export { freePort } from '../../real-nocobase/free-port.mjs';
