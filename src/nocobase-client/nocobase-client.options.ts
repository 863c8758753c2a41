import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Region } from '../core/accounts/index.js';
import type { PlaceSettings } from '../core/nocobase-web/index.js';

/** One NocoBase application, and the record of its `authenticators` that people sign in with. */
export interface NocoBaseTarget extends PlaceSettings {
  /** NocoBase as the gateway reaches it, without the path of its API and a trailing slash. */
  readonly url: string;
  /** NocoBase as browsers reach it; may have a path. */
  readonly publicUrl: string;
  /** Name of the record in `authenticators` that bindings belong to. */
  readonly authenticator: string;
  /** The home region of stored phone numbers without a country code; default: China. */
  readonly defaultRegion?: Region;
  /** Of one call. */
  readonly timeoutMs: number;
}

/** Stock NocoBase: the gateway's credential there, and how sessions reach the browser. */
export interface NocoBaseClientOptions extends NocoBaseTarget {
  /** API key of the gateway's NocoBase role. */
  readonly apiToken: string;
  /** The bytes NocoBase signs its tokens with. */
  readonly jwtSecret: Uint8Array;
  /** `page` if gateway and NocoBase share an origin, else `query`. */
  readonly handOff: 'page' | 'query';
  /** The only organization of another authenticator of this NocoBase; undefined if it has several, or is unknown. */
  readonly organizationOf?: (authenticator: string) => string | undefined;
}

/** NocoBase with the companion plugin, which redeems tickets: the gateway has no credential there. */
export interface NocoBasePluginOptions extends NocoBaseTarget {
  readonly handOff: 'ticket';
}

export type NocoBaseOptions = NocoBaseClientOptions | NocoBasePluginOptions;

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: NOCOBASE_CLIENT_OPTIONS } =
  new ConfigurableModuleBuilder<NocoBaseClientOptions>({ moduleName: 'NocoBaseClient' })
    .setClassMethodName('forRoot')
    .build();
