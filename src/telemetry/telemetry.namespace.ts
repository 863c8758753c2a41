import { Namespace } from '../config/index.js';
import type { TelemetrySettings } from './telemetry.config.js';

/** What is measured, and where traces go. */
export const telemetryConfig = new Namespace<TelemetrySettings>('telemetry');
