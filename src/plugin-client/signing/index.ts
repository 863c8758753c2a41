export { freshFor, Signer } from './signer.js';
export { SigningModule } from './signing.module.js';
