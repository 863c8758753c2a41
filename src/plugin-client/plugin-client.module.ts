import { type DynamicModule, Module } from '@nestjs/common';
import { Signer } from './signing/index.js';
import { UpstreamHttpClient, UpstreamModule } from '../upstream/index.js';
import { PluginClient } from './plugin.client.js';

@Module({})
export class PluginClientModule {
  /** @param signing provides Signer */
  static forRoot(publicUrl: string, signing: DynamicModule): DynamicModule {
    return {
      module: PluginClientModule,
      imports: [UpstreamModule, signing],
      providers: [
        {
          provide: PluginClient,
          inject: [UpstreamHttpClient, Signer],
          useFactory: (http: UpstreamHttpClient, signer: Signer) => new PluginClient(http, signer, publicUrl),
        },
      ],
      exports: [PluginClient],
    };
  }
}
