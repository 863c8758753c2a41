export { waitInBudget, withTimeBudget } from './time-budget.js';
export { type UpstreamCall, UpstreamHttpClient, UpstreamModule } from './upstream-http.client.js';
export {
  type FailedCall,
  OutOfTimeError,
  UpstreamBusyError,
  UpstreamHttpError,
  type UpstreamName,
  UpstreamPlatformError,
  UpstreamResponseError,
  UpstreamUnreachableError,
} from './upstream.errors.js';
