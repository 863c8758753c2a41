import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';
import { version } from '../config/index.js';
import { METRICS_SOURCE, MetricsController } from './metrics.controller.js';
import type { TelemetrySettings } from './telemetry.config.js';

export interface TelemetryOptions extends Pick<TelemetrySettings, 'traces'> {
  /** Names of the configured authenticators. */
  readonly authenticators: readonly string[];
}

/** Decides whether a route exists, which no factory can: passed next to the factory of `forRootAsync`. */
type Switch = Pick<TelemetrySettings, 'metrics'>;

export const TELEMETRY_OPTIONS = Symbol('TELEMETRY_OPTIONS');

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<TelemetryOptions>({
  optionsInjectionToken: TELEMETRY_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<Switch>({ metrics: false }, (definition, { metrics }) => (metrics ? withMetrics(definition) : definition))
  .build();

function withMetrics(definition: DynamicModule): DynamicModule {
  const prometheus = { provide: METRICS_SOURCE, inject: [TELEMETRY_OPTIONS], useFactory: prometheusMetrics };
  return {
    ...definition,
    controllers: [MetricsController],
    providers: [...(definition.providers ?? []), prometheus],
  };
}

/** Loaded only if enabled. */
async function prometheusMetrics({ authenticators }: TelemetryOptions) {
  const { PrometheusMetrics } = await import('./prometheus-metrics.js');
  return new PrometheusMetrics({ authenticators, version: version() });
}
