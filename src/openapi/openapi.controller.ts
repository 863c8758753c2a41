import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Responder } from '../web/index.js';
import { OPENAPI_DOCUMENT } from './openapi.constants.js';

@Controller()
export class OpenApiController {
  constructor(
    private readonly responder: Responder,
    @Inject(OPENAPI_DOCUMENT) private readonly document: object,
  ) {}

  @Get('openapi.json')
  async show(@Res() response: unknown): Promise<void> {
    await this.responder.json(response, 200, this.document);
  }
}
