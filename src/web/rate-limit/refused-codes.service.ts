import { Inject, Injectable, Optional } from '@nestjs/common';
import { RefusedCodes } from '../../core/limits/index.js';
import { RedisConnection } from '../../shared-store/index.js';
import { Telemetry } from '../../telemetry/index.js';
import { RATE_LIMITS, type RateLimitOptions } from './rate-limit.options.js';
import { RedisAttemptLog } from './redis-attempt-log.js';

/** The codes that DingTalk refused (`core/limits`), counted by all replicas together if there is a Redis. */
@Injectable()
export class RefusedCodesService extends RefusedCodes {
  constructor(
    @Inject(RATE_LIMITS) { secret }: Pick<RateLimitOptions, 'secret'>,
    { client }: RedisConnection,
    @Optional() telemetry: Telemetry = Telemetry.off,
  ) {
    super(secret, client === undefined ? [] : [new RedisAttemptLog(client)], telemetry);
  }
}
