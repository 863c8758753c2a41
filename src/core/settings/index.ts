export { AUTHENTICATOR_NAME } from './authenticator-name.js';
export { namesRoot } from './default-roles.js';
export { matchedFields, MATCH_RULES, type MatchRule } from './match-rule.js';
export { isLoopback, isPrivate } from './private-network.js';
export { PROTECTED_ROLES } from './protected-roles.js';
export { registersAnybody } from './who-registers.js';
