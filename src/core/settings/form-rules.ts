/** Rules that NocoBase's form also uses in a browser: none of this loads a library. */
export { AUTHENTICATOR_NAME } from './authenticator-name.js';
export { codePattern } from './code-pattern.js';
export { namesRoot } from './default-roles.js';
export { isCorpId, isListItem, LIST_SEPARATORS } from './list-item.js';
export { isLoopback, isPrivate } from './private-network.js';
export { PROTECTED_ROLES } from './protected-roles.js';
export { registersAnybody } from './who-registers.js';

/** Maximum characters of one line, or of one item of a list. */
export const MAX_LENGTH = 255;
export const MAX_ITEMS = 100;
/** One key of a gateway, and keys about to replace it. */
export const MAX_PINS = 5;
/** For one address. A whole office shares one; DingTalk itself allows 20 sign-ins a second. */
export const REQUESTS_PER_MINUTE = 1200;
export const MAX_REQUESTS_PER_MINUTE = 100_000;
