export type {
  CallCounts,
  CallFacts,
  CallObserver,
  CallOutcome,
  NamedCall,
  UpstreamState,
  WatchedUpstream,
} from './call-observer.js';
export { ADDRESS_ATTEMPT_MS, Dispatchers, proxyRefusal, throughProxy } from './dispatchers.js';
export { sendByUndici, TimeUpError } from './send-by-undici.js';
export { waitInBudget, withTimeBudget } from './time-budget.js';
export type { Transport, TransportRequest, TransportResponse } from './transport.js';
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
