import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import {
  type GatewayRequest,
  PAGES_OPTIONS,
  type PagesOptions,
  preferredLocale,
  Responder,
  signInPage,
} from './pages/index.js';

/** The gateway's front door: one button per way to sign in. */
@Controller()
export class SignInPageController {
  constructor(
    private readonly responder: Responder,
    @Inject(PAGES_OPTIONS) private readonly options: PagesOptions,
  ) {}

  @Get()
  async show(
    @Query('redirect') wanted: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    // Only passed on: the start route checks it.
    const query = typeof wanted === 'string' ? `?${new URLSearchParams({ redirect: wanted }).toString()}` : '';
    const button = { href: `${this.options.publicUrl}/auth/dingtalk${query}` };
    await this.responder.page(response, 200, signInPage([button], this.options.passwordUrl, preferredLocale(request)));
  }
}
