export { randomBytes } from './random.js';
export { Seal } from './seal.js';
export { deriveKey, open, seal } from './sealed.js';
