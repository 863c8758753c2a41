export { step, traceId } from './running-work.js';
export { Telemetry } from './telemetry.js';
export { readTelemetrySettings, type TelemetrySettings } from './telemetry.config.js';
export { TelemetryModule } from './telemetry.module.js';
export { telemetryConfig } from './telemetry.namespace.js';
export type { TelemetryOptions } from './telemetry.options.js';
