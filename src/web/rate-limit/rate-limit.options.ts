import { configurableModule } from '../../config/index.js';

/** Requests per minute; 0 disables the limit. */
export interface RateLimits {
  readonly perAddress: number;
}

export interface RateLimitOptions extends RateLimits {
  /** The same at all replicas: without it, anyone could compute which addresses share a bucket. */
  readonly secret: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: RATE_LIMITS } =
  configurableModule<RateLimitOptions>('RateLimit');
