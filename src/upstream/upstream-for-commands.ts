import { create } from 'axios';
import type { Telemetry } from '../telemetry/index.js';
import { axiosOptions } from './axios-options.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';

/** One with limits and a circuit breaker of its own, for what goes on beside sign-ins and must not hold them up. */
export function upstreamOfItsOwn(telemetry: Telemetry): UpstreamHttpClient {
  return new UpstreamHttpClient(create(axiosOptions()), telemetry);
}

/** The HTTP client for what is no part of a Nest application, such as a command. Its idle connections keep no process alive. */
export function upstreamForCommands(): UpstreamHttpClient {
  return new UpstreamHttpClient(create(axiosOptions()));
}
