import type { AxiosAdapter } from 'axios';
import { type Dispatchers, sendByUndici } from '../core/upstream/index.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** An HTTP proxy for this request only: axios's own `proxy` would take one from the environment. */
    proxyUrl?: string | undefined;
  }
}

/** Sends axios requests by undici (ADR 9). Expects a complete address and a text as body. */
export function undiciAdapter(dispatchers: Dispatchers): AxiosAdapter {
  return async (config) => {
    const { method = 'GET', url = '', headers, data, timeout = 0, proxyUrl } = config;
    const answer = await sendByUndici(dispatchers, {
      method,
      url,
      headers: headers.toJSON() as Record<string, string>,
      ...(typeof data === 'string' ? { data } : {}),
      timeout,
      proxyUrl,
    });
    return { ...answer, headers: answer.headers as Record<string, string>, statusText: '', config };
  };
}
