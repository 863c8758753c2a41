import { type Environment, fromEnvironment, readAll } from '../config/index.js';
import { baseUrl, choice, flag, rule, section, text } from '../core/settings/index.js';

/** Where traces are sent, and the attributes of all of them. */
export interface TracesOptions {
  /** The complete address, `…/v1/traces`. */
  readonly url: string;
  readonly resource: Readonly<Record<string, string>>;
}

export interface TelemetrySettings {
  readonly metrics: boolean;
  /** Undefined without a collector: then no part of OpenTelemetry is loaded. */
  readonly traces: TracesOptions | undefined;
}

const DEFAULT_SERVICE_NAME = 'nocobase-dingtalk-gateway';

const metrics = section('metrics', { enabled: flag({ default: true }) });

/** JSON is sent; collectors accept both encodings at the same address, but gRPC at another. */
const PROTOCOLS = ['http/json', 'http/protobuf'] as const;

/**
 * OpenTelemetry's own variables that decide whether and where traces are sent; the SDK reads the others (sampler,
 * headers, limits, batches) itself.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
const otel = section('otel', {
  exporterOtlpEndpoint: baseUrl({}),
  exporterOtlpTracesEndpoint: baseUrl({}),
  exporterOtlpProtocol: choice(PROTOCOLS, {}),
  exporterOtlpTracesProtocol: choice(PROTOCOLS, {}),
  tracesExporter: choice(['otlp', 'none'], { default: 'otlp' }),
  sdkDisabled: flag(),
  serviceName: text({
    rules: [rule('must not be longer than 255 characters', (value: string) => value.length <= 255)],
  }),
  resourceAttributes: text({
    rules: [
      rule('must be a list such as key=value,key2=value2', (value: string) => resourceAttributes(value) !== undefined),
    ],
  }),
});

/** @throws InvalidEnvironmentError */
export function readTelemetrySettings(environment: Environment): TelemetrySettings {
  const { enabled, read } = readAll({
    enabled: () => fromEnvironment(metrics, environment).enabled,
    read: () => fromEnvironment(otel, environment),
  });
  const { exporterOtlpEndpoint: all, exporterOtlpTracesEndpoint: traces } = read;
  const url = traces ?? (all === undefined ? undefined : `${all}/v1/traces`);
  const off = read.sdkDisabled || read.tracesExporter === 'none';
  return {
    metrics: enabled,
    traces:
      url === undefined || off
        ? undefined
        : {
            url,
            resource: {
              'service.name': DEFAULT_SERVICE_NAME,
              ...resourceAttributes(read.resourceAttributes ?? ''),
              ...(read.serviceName === undefined ? {} : { 'service.name': read.serviceName }),
            },
          },
  };
}

/** Keys and values are percent-encoded. https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable */
function resourceAttributes(written: string): Record<string, string> | undefined {
  try {
    const pairs = written
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => pair.split('=').map((part) => decodeURIComponent(part.trim())));
    const [wrong] = pairs.filter((pair) => pair.length !== 2 || pair[0] === '');
    return wrong === undefined ? (Object.fromEntries(pairs) as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}
