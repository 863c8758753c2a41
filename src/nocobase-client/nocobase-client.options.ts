import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Region } from '../accounts/index.js';

/** One NocoBase application, the gateway's credential there, and how sessions reach the browser. */
export interface NocoBaseClientOptions {
  /** NocoBase as the gateway reaches it, without `/api` and without a trailing slash. */
  readonly url: string;
  /** NocoBase as browsers reach it; may have a path. */
  readonly publicUrl: string;
  /** `main`, or the name of a sub-app. */
  readonly app: string;
  /** API key of the gateway's NocoBase role. */
  readonly apiToken: string;
  /** The bytes NocoBase signs its tokens with. */
  readonly jwtSecret: Uint8Array;
  /** Name of the row in `authenticators` that bindings belong to. */
  readonly authenticator: string;
  /** `page` where gateway and NocoBase share an origin, else `query`. */
  readonly handOff: 'page' | 'query';
  /** Where stored phone numbers without a country code belong; China where it is left out. */
  readonly defaultRegion?: Region;
  /** For one call. */
  readonly timeoutMs: number;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: NOCOBASE_CLIENT_OPTIONS } =
  new ConfigurableModuleBuilder<NocoBaseClientOptions>({ moduleName: 'NocoBaseClient' })
    .setClassMethodName('forRoot')
    .build();
