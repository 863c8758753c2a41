import { Controller, Get, Head, Req, Res, UseFilters } from '@nestjs/common';
import { version } from '../config/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { GatewayErrorFilter, type GatewayRequest, Responder } from '../web/index.js';
import { PLUGIN_FILE } from './offered-plugin.js';
import { PluginDownload } from './plugin-download.service.js';

/**
 * For NocoBase, Plugin manager, Add by URL: its server fetches the address by axios, uses its last segment as a file
 * name, and unpacks the file (`plugin-manager/utils.js` of @nocobase/server, `downloadAndUnzipToTempDir`).
 */
@Controller(PLUGIN_FILE)
@UseFilters(GatewayErrorFilter)
export class PluginDownloadController {
  private readonly fileName = `plugin-auth-dingtalk-${version()}.tgz`;

  constructor(
    private readonly plugin: PluginDownload,
    private readonly limiter: RateLimiter,
    private readonly responder: Responder,
  ) {}

  @Get()
  async send(@Req() request: GatewayRequest, @Res() response: unknown): Promise<void> {
    await this.limiter.count(request.ip);
    const { bytes, sha256 } = await this.plugin.packed();
    const file = { name: this.fileName, type: 'application/gzip', bytes, tag: sha256 };
    await this.responder.file(response, file, request.headers['if-none-match']);
  }

  /** The same: Node omits the body. */
  @Head()
  async describe(@Req() request: GatewayRequest, @Res() response: unknown): Promise<void> {
    await this.send(request, response);
  }
}
