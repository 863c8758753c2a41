export { AUTH_TYPE, ERROR_PARAMETER, JWKS_PATH, type PluginAction, pluginUrl, REQUEST_PARAMETER } from './addresses.js';
export {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  type AssertionClaims,
  assertionClaims,
} from './assertion.js';
export {
  EXAMINATION_ID,
  examinationConfirmation,
  type ExaminationQuestion,
  examinationQuestion,
  type ExaminationReport,
  examinationReport,
  type ExaminationRequest,
  examinationRequest,
} from './examination.js';
export { isPrivateHost } from './private-host.js';
export { GATEWAY_REFUSALS } from './refusals.js';
export {
  AUTHENTICATOR_NAME,
  type PluginAuthenticator,
  pluginAuthenticator,
  type PluginSettings,
  pluginSettings,
} from './settings.js';
export { type NocoBaseApp, redeemUrl, signInErrorUrl, startUrl } from './sign-in-addresses.js';
export {
  CHALLENGE_PATTERN,
  TICKET_LIFETIME_SECONDS,
  TICKET_TYPE,
  type TicketClaims,
  ticketClaims,
  type TicketIdentity,
  ticketIdentity,
} from './ticket.js';
