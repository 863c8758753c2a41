import { Global, Logger, Module } from '@nestjs/common';
import { version } from '../config/index.js';
import { METRICS_SOURCE } from './metrics.controller.js';
import type { PrometheusMetrics } from './prometheus-metrics.js';
import type { TracesOptions } from './telemetry.config.js';
import { ConfigurableModuleClass, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options.js';
import { Telemetry } from './telemetry.js';
import type { Tracing } from './tracing.js';
import { LOG } from '../core/texts/index.js';

/**
 * Metrics at `GET /metrics`, and traces. Global, because any room may report, and optional everywhere: without this
 * module the same work is done. Disabled parts are not loaded.
 */
@Global()
@Module({
  providers: [
    {
      provide: Telemetry,
      inject: [TELEMETRY_OPTIONS, { token: METRICS_SOURCE, optional: true }],
      useFactory: async ({ traces }: TelemetryOptions, metrics?: PrometheusMetrics) =>
        new Telemetry(metrics, traces && (await otlp(traces))),
    },
  ],
  exports: [Telemetry],
})
export class TelemetryModule extends ConfigurableModuleClass {}

/** A gateway that cannot trace still signs people in. */
async function otlp(options: TracesOptions): Promise<Tracing | undefined> {
  try {
    const { OtlpTracing } = await import('./otlp-tracing.js');
    return new OtlpTracing(options, version());
  } catch (error) {
    new Logger('Traces').warn(LOG.noTraces(error instanceof Error ? error.name : typeof error).en);
    return undefined;
  }
}
