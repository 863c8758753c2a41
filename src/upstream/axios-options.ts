import type { AxiosRequestConfig } from 'axios';
import { Dispatchers } from '../core/upstream/index.js';
import { undiciAdapter } from './undici-adapter.js';

/** Bodies go and come as text: what is JSON, `UpstreamHttpClient` decides. */
const asIs = (body: string): string => body;

/** An axios whose answers are all answers, whatever their status, and whose connections are its own. */
export function axiosOptions(): AxiosRequestConfig {
  return {
    adapter: undiciAdapter(new Dispatchers()),
    transformRequest: asIs,
    transformResponse: asIs,
    validateStatus: null,
  };
}
