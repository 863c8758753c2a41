import { Module } from '@nestjs/common';
import { UpstreamHttpClient } from '../core/upstream/index.js';
import { UpstreamModule } from '../upstream/index.js';
import { ConfigurableModuleClass, PLUGIN_CLIENT_OPTIONS, type PluginClientOptions } from './plugin-client.options.js';
import { PluginClient } from './plugin.client.js';
import { Signer } from './signing/index.js';

/** The calls to NocoBase's companion plugin. `imports` provide Signer. */
@Module({
  imports: [UpstreamModule],
  providers: [
    {
      provide: PluginClient,
      inject: [UpstreamHttpClient, Signer, PLUGIN_CLIENT_OPTIONS],
      useFactory: (http: UpstreamHttpClient, signer: Signer, { publicUrl }: PluginClientOptions) =>
        new PluginClient(http, signer, publicUrl),
    },
  ],
  exports: [PluginClient],
})
export class PluginClientModule extends ConfigurableModuleClass {}
