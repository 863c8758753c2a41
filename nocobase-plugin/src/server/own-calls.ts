import { Dispatchers, sendByUndici, UpstreamHttpClient } from '../../../src/core/upstream/index.js';

/** Has its own connections, limits and circuit breaker, so that its failures affect nothing else. */
export function ownCalls(): UpstreamHttpClient {
  const dispatchers = new Dispatchers();
  return new UpstreamHttpClient({ request: async (request) => sendByUndici(dispatchers, request) });
}
