import { Namespace } from '../config/index.js';
import type { TelemetrySettings } from './telemetry.config.js';

/** What is measured, and where traces are sent. */
export const telemetryConfig = new Namespace<TelemetrySettings>('telemetry');
