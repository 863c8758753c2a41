import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Region } from '../core/accounts/index.js';
import type { PlaceSettings } from '../core/nocobase-web/index.js';

/** One NocoBase application, and the row of its `authenticators` that people sign in by. */
export interface NocoBaseTarget extends PlaceSettings {
  /** NocoBase as the gateway reaches it, without its API's path and without a trailing slash. */
  readonly url: string;
  /** NocoBase as browsers reach it; may have a path. */
  readonly publicUrl: string;
  /** Name of the row in `authenticators` that bindings belong to. */
  readonly authenticator: string;
  /** Where stored phone numbers without a country code belong; China where it is left out. */
  readonly defaultRegion?: Region;
  /** For one call. */
  readonly timeoutMs: number;
}

/** Stock NocoBase: the gateway's credential there, and how sessions reach the browser. */
export interface NocoBaseClientOptions extends NocoBaseTarget {
  /** API key of the gateway's NocoBase role. */
  readonly apiToken: string;
  /** The bytes NocoBase signs its tokens with. */
  readonly jwtSecret: Uint8Array;
  /** `page` where gateway and NocoBase share an origin, else `query`. */
  readonly handOff: 'page' | 'query';
  /** The only organization of another authenticator of this NocoBase; undefined where it has several, or is not known. */
  readonly organizationOf?: (authenticator: string) => string | undefined;
}

/** NocoBase with the companion plugin, which redeems tickets: no credential there at all. */
export interface NocoBasePluginOptions extends NocoBaseTarget {
  readonly handOff: 'ticket';
}

export type NocoBaseOptions = NocoBaseClientOptions | NocoBasePluginOptions;

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: NOCOBASE_CLIENT_OPTIONS } =
  new ConfigurableModuleBuilder<NocoBaseClientOptions>({ moduleName: 'NocoBaseClient' })
    .setClassMethodName('forRoot')
    .build();
