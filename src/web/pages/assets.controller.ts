import { Controller, Get, Param, Res, UseFilters } from '@nestjs/common';
import { scriptText } from '../assets.js';
import { GatewayErrorFilter } from './gateway-error.filter.js';
import { Responder } from './responder.js';

/** The scripts of our pages, from our own origin. */
@Controller('assets')
@UseFilters(GatewayErrorFilter)
export class AssetsController {
  constructor(private readonly responder: Responder) {}

  @Get(':file')
  async script(@Param('file') file: string, @Res() response: unknown): Promise<void> {
    await this.responder.script(response, scriptText(file));
  }
}
