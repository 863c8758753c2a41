import { HttpModule, HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Telemetry } from '../telemetry/index.js';
import { axiosOptions } from './axios-options.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';

/** Gives `UpstreamHttpClient` the axios of Nest's `HttpService`. */
@Module({
  imports: [HttpModule.registerAsync({ useFactory: axiosOptions })],
  providers: [
    {
      provide: UpstreamHttpClient,
      inject: [HttpService, { token: Telemetry, optional: true }],
      useFactory: ({ axiosRef }: HttpService, telemetry?: Telemetry) => new UpstreamHttpClient(axiosRef, telemetry),
    },
  ],
  exports: [UpstreamHttpClient],
})
export class UpstreamModule {}
