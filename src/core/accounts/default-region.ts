import type { CountryCode } from 'libphonenumber-js';

/** Without a library, for NocoBase's form. */
export const DEFAULT_REGION: CountryCode = 'CN';
