export {
  AUTH_TYPE,
  callbackUrl,
  ERROR_PARAMETER,
  JWKS_PATH,
  ORIGIN_REFUSED,
  type PluginAction,
  pluginUrl,
  REQUEST_PARAMETER,
  THUMBPRINT,
} from './addresses.js';
export { ANSWER_HEADER, IN_APP_HEADER, MAX_ANSWER_LENGTH, RETURN_PATH_HEADER } from './answer.js';
export {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  type AssertionClaims,
  assertionClaims,
} from './assertion.js';
export { BOOK_PAGE, bookAnswers, type BookCall, bookCall, boundPerson, evidence, hint } from './book.js';
export { bindingMeta, readBindingMark } from './binding-mark.js';
export { CLOCK_TOLERANCE_SECONDS } from './clock.js';
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
export { GATEWAY_REFUSALS } from './refusals.js';
export {
  type NocoBaseFacts,
  type PluginAuthenticator,
  pluginAuthenticator,
  type PluginSettings,
  pluginSettings,
  WITHOUT_SECRETS,
} from './settings.js';
export { type NocoBaseApp, redeemUrl, signInErrorUrl, startUrl } from './sign-in-addresses.js';
export {
  CHALLENGE_PATTERN,
  TICKET_HEADER,
  TICKET_LIFETIME_SECONDS,
  TICKET_TYPE,
  type TicketClaims,
  ticketClaims,
  type TicketIdentity,
  ticketIdentity,
} from './ticket.js';
