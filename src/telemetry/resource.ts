import type { NodeTracerConfig } from '@opentelemetry/sdk-trace-node';

type SdkResource = NonNullable<NodeTracerConfig['resource']>;

/**
 * The attributes of every span of this process. The SDK's own factories are in a package that it does not re-export;
 * exporters read `attributes` and nothing else.
 */
export class Resource implements SdkResource {
  constructor(readonly attributes: SdkResource['attributes']) {}

  merge(other: SdkResource | null): SdkResource {
    return new Resource({ ...this.attributes, ...other?.attributes });
  }

  getRawAttributes(): ReturnType<SdkResource['getRawAttributes']> {
    return Object.entries(this.attributes);
  }
}
