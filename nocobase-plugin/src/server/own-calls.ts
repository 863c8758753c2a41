import { Dispatchers, sendByUndici, UpstreamHttpClient } from '../../../src/core/upstream/index.js';

/** With connections, limits and a circuit breaker of its own: what it meets stops nothing else. */
export function ownCalls(): UpstreamHttpClient {
  const dispatchers = new Dispatchers();
  return new UpstreamHttpClient({ request: async (request) => sendByUndici(dispatchers, request) });
}
