import { create } from 'axios';
import type { Telemetry } from '../telemetry/index.js';
import { axiosOptions } from './axios-options.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';

/** A client with its own limits and circuit breaker, for work beside sign-ins that must not delay them. */
export function upstreamOfItsOwn(telemetry: Telemetry): UpstreamHttpClient {
  return new UpstreamHttpClient(create(axiosOptions()), telemetry);
}

/** The HTTP client outside of a Nest application, such as in a command. Its idle connections keep no process alive. */
export function upstreamForCommands(): UpstreamHttpClient {
  return new UpstreamHttpClient(create(axiosOptions()));
}
