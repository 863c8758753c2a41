export { ADDRESS_ATTEMPT_MS, proxyRefusal, throughProxy } from './connections.js';
export { waitInBudget, withTimeBudget } from './time-budget.js';
export { withUpstream } from './upstream-context.js';
export { type UpstreamCall, UpstreamHttpClient, UpstreamModule } from './upstream-http.client.js';
export {
  type FailedCall,
  OutOfTimeError,
  UpstreamBusyError,
  UpstreamHttpError,
  UpstreamPlatformError,
  UpstreamResponseError,
  UpstreamUnreachableError,
} from './upstream.errors.js';
