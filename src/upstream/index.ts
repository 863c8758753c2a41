export { ADDRESS_ATTEMPT_MS, proxyRefusal, throughProxy } from './dispatchers.js';
export { waitInBudget, withTimeBudget } from './time-budget.js';
export { UpstreamModule } from './upstream.module.js';
export { upstreamForCommands } from './upstream-for-commands.js';
export { type UpstreamCall, UpstreamHttpClient } from './upstream-http.client.js';
export {
  type FailedCall,
  OutOfTimeError,
  UpstreamBusyError,
  UpstreamHttpError,
  UpstreamPlatformError,
  UpstreamResponseError,
  UpstreamUnreachableError,
} from './upstream.errors.js';
