import type { AxiosAdapter } from 'axios';
import type { Connections } from './connections.js';
import { exchange } from './http-exchange.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** An HTTP proxy for this request alone: axios's own `proxy` would take one from the environment. */
    proxyUrl?: string | undefined;
  }
}

/**
 * How axios sends: over undici's connections. Its own adapter for Node.js needs eight times the CPU time for a call
 * (docs/performance.md, "A sign-in's CPU time").
 *
 * Takes a whole address and a text as body; `timeout` is for the whole exchange. What fails fails with the errors of
 * `exchange`, none of which carries the request.
 */
export function undiciAdapter(connections: Connections): AxiosAdapter {
  return async (config) => {
    const { method = 'GET', url = '', headers, data, timeout = 0, proxyUrl } = config;
    const { origin, pathname, search } = new URL(url);
    const answer = await exchange(
      connections,
      {
        method: method.toUpperCase() === 'POST' ? 'POST' : 'GET',
        origin,
        path: pathname + search,
        headers: headers.toJSON() as Record<string, string>,
        body: typeof data === 'string' ? data : null,
        proxyUrl,
      },
      timeout,
    );
    const { status, contentType, text } = answer;
    return { status, statusText: '', headers: { 'content-type': contentType }, data: text, config };
  };
}
