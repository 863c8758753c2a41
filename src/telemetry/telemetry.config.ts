import { BaseUrl, type Environment, Flag, OneOf, readEnvironment, Rule } from '../config/index.js';

/** Where traces go, and what stands on all of them. */
export interface TracesOptions {
  /** The whole address, `…/v1/traces`. */
  readonly url: string;
  readonly resource: Readonly<Record<string, string>>;
}

export interface TelemetrySettings {
  readonly metrics: boolean;
  /** Undefined where nobody collects traces: then nothing of OpenTelemetry is loaded. */
  readonly traces: TracesOptions | undefined;
}

const DEFAULT_SERVICE_NAME = 'nocobase-dingtalk-gateway';

/**
 * OpenTelemetry's own variables, as far as they decide whether and where traces are sent; the SDK reads the others
 * (sampler, headers, limits, batches) itself.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
class TelemetryEnvironment {
  @Flag()
  METRICS_ENABLED: boolean = true;

  @BaseUrl()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @BaseUrl()
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string;

  // JSON is what is sent; collectors take both encodings at the same address, but gRPC at another.
  @OneOf('http/json', 'http/protobuf')
  OTEL_EXPORTER_OTLP_PROTOCOL?: string;

  @OneOf('http/json', 'http/protobuf')
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL?: string;

  @OneOf('otlp', 'none')
  OTEL_TRACES_EXPORTER: string = 'otlp';

  @Flag()
  OTEL_SDK_DISABLED: boolean = false;

  @Rule('must not be longer than 255 characters', (value) => String(value).length <= 255)
  OTEL_SERVICE_NAME?: string;

  @Rule('must be a list such as key=value,key2=value2', (value) => resourceAttributes(value) !== undefined)
  OTEL_RESOURCE_ATTRIBUTES?: string;
}

/** @throws InvalidEnvironmentError */
export function readTelemetrySettings(environment: Environment): TelemetrySettings {
  const read = readEnvironment(TelemetryEnvironment, environment);
  const url =
    read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
    (read.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? undefined : `${read.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`);
  const off = read.OTEL_SDK_DISABLED || read.OTEL_TRACES_EXPORTER === 'none';
  return {
    metrics: read.METRICS_ENABLED,
    traces:
      url === undefined || off
        ? undefined
        : {
            url,
            resource: {
              'service.name': DEFAULT_SERVICE_NAME,
              ...resourceAttributes(read.OTEL_RESOURCE_ATTRIBUTES ?? ''),
              ...(read.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': read.OTEL_SERVICE_NAME }),
            },
          },
  };
}

/** Keys and values are percent-encoded. https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable */
function resourceAttributes(text: unknown): Record<string, string> | undefined {
  try {
    const pairs = String(text)
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => pair.split('=').map((part) => decodeURIComponent(part.trim())));
    const [wrong] = pairs.filter((pair) => pair.length !== 2 || pair[0] === '');
    return wrong === undefined ? (Object.fromEntries(pairs) as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}
