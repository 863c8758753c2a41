export { ERROR_TEXTS, type ErrorText } from './error-texts.js';
export { ERROR_STATUS, type ErrorCode } from './error-codes.js';
export {
  GatewayError,
  type GatewayErrorOptions,
  InvalidRequestError,
  MisconfiguredError,
  NotFoundError,
  UnexpectedError,
} from './gateway.error.js';
export type { PluginTrouble } from './plugin-trouble.js';
