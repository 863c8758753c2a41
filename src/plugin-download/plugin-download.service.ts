import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { NotFoundError } from '../core/errors/index.js';
import { LOG } from '../core/texts/index.js';
import { type OfferedPlugin, offeredPlugin } from './offered-plugin.js';
import { PLUGIN_DOWNLOAD_OPTIONS, type PluginDownloadOptions } from './plugin-download.options.js';
import { PluginNotPackedError } from './plugin-download.errors.js';
import { type PackedPlugin, PluginPackage } from './plugin-package.js';

/** The plugin as this gateway serves it, unless its operator disables that. */
@Injectable()
export class PluginDownload implements OnApplicationBootstrap {
  private readonly logger = new Logger('PluginDownload');

  constructor(
    @Inject(PLUGIN_DOWNLOAD_OPTIONS) private readonly options: PluginDownloadOptions,
    private readonly plugin: PluginPackage,
  ) {}

  /** Undefined if it cannot be fetched. */
  async offered(): Promise<OfferedPlugin | undefined> {
    return this.options.enabled ? offeredPlugin(this.plugin, this.options.publicUrl) : undefined;
  }

  /** @throws NotFoundError, PluginNotPackedError */
  async packed(): Promise<PackedPlugin> {
    if (!this.options.enabled) throw new NotFoundError();
    const packed = await this.plugin.read();
    if (packed === undefined) throw new PluginNotPackedError();
    return packed;
  }

  onApplicationBootstrap(): void {
    if (this.options.enabled && !this.plugin.exists()) {
      this.logger.warn({ event: 'plugin_not_packed', file: this.plugin.file, notice: LOG.pluginNotPacked.en });
    }
  }
}
