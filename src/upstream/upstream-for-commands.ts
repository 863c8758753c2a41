import { create } from 'axios';
import { axiosOptions } from './axios-options.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';

/** The HTTP client for what is no part of a Nest application, such as a command. Its idle connections keep no process alive. */
export function upstreamForCommands(): UpstreamHttpClient {
  return new UpstreamHttpClient(create(axiosOptions()));
}
