import { Module } from '@nestjs/common';
import { PluginDownloadController } from './plugin-download.controller.js';
import { ConfigurableModuleClass } from './plugin-download.options.js';
import { PluginDownload } from './plugin-download.service.js';
import { PluginPackage } from './plugin-package.js';

/** NocoBase's companion plugin, for its plugin manager to fetch. `imports` provide Responder and RateLimiter. */
@Module({
  controllers: [PluginDownloadController],
  providers: [PluginDownload, { provide: PluginPackage, useFactory: () => new PluginPackage() }],
  exports: [PluginDownload],
})
export class PluginDownloadModule extends ConfigurableModuleClass {}
