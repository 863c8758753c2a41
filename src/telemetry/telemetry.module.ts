import { type DynamicModule, Global, Logger, Module } from '@nestjs/common';
import { version } from '../config/index.js';
import { METRICS_SOURCE, MetricsController } from './metrics.controller.js';
import type { PrometheusMetrics } from './prometheus-metrics.js';
import type { TelemetrySettings, TracesOptions } from './telemetry.config.js';
import { Telemetry } from './telemetry.js';
import type { Tracing } from './tracing.js';
import { LOG } from '../core/texts/index.js';

export interface TelemetryOptions extends TelemetrySettings {
  /** Names of the authenticators that are configured. */
  readonly authenticators: readonly string[];
}

/**
 * Metrics at `GET /metrics`, and traces. Global, as who works in any room may tell of it, and optional everywhere: without
 * this module the same work is done. What is switched off is not even loaded.
 */
@Global()
@Module({})
export class TelemetryModule {
  static forRoot(options: TelemetryOptions): DynamicModule {
    return {
      module: TelemetryModule,
      controllers: options.metrics ? [MetricsController] : [],
      providers: [
        { provide: METRICS_SOURCE, useFactory: async () => (options.metrics ? prometheus(options) : null) },
        {
          provide: Telemetry,
          inject: [METRICS_SOURCE],
          useFactory: async (metrics: PrometheusMetrics | null) =>
            new Telemetry(metrics ?? undefined, options.traces && (await otlp(options.traces))),
        },
      ],
      exports: [Telemetry],
    };
  }
}

async function prometheus({ authenticators }: TelemetryOptions): Promise<PrometheusMetrics> {
  const { PrometheusMetrics } = await import('./prometheus-metrics.js');
  return new PrometheusMetrics({ authenticators, version: version() });
}

/** A gateway that cannot trace signs people in. */
async function otlp(options: TracesOptions): Promise<Tracing | undefined> {
  try {
    const { OtlpTracing } = await import('./otlp-tracing.js');
    return new OtlpTracing(options, version());
  } catch (error) {
    new Logger('Traces').warn(LOG.noTraces(error instanceof Error ? error.name : typeof error).en);
    return undefined;
  }
}
