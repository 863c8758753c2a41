import type { AxiosRequestConfig } from 'axios';
import { Dispatchers } from '../core/upstream/index.js';
import { undiciAdapter } from './undici-adapter.js';

/** Bodies are text in both directions: `UpstreamHttpClient` parses JSON. */
const asIs = (body: string): string => body;

/** An axios for which every status is a response, with its own connections. */
export function axiosOptions(): AxiosRequestConfig {
  return {
    adapter: undiciAdapter(new Dispatchers()),
    transformRequest: asIs,
    transformResponse: asIs,
    validateStatus: null,
  };
}
