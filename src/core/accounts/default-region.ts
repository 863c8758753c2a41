import type { CountryCode } from 'libphonenumber-js';

/** In a file without libraries, for NocoBase's form. */
export const DEFAULT_REGION: CountryCode = 'CN';
