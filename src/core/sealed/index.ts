export { deriveKey, open, seal } from './sealed.js';
