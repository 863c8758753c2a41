export { ERROR_STATUS, type ErrorCode } from './error-codes.js';
export {
  GatewayError,
  type GatewayErrorOptions,
  MisconfiguredError,
  NotFoundError,
  UnexpectedError,
} from './gateway.error.js';
export { withoutStack } from './without-stack.js';
