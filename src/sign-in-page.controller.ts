import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { SignInTransactionService } from './auth/index.js';
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
    private readonly transactions: SignInTransactionService,
    @Inject(PAGES_OPTIONS) private readonly options: PagesOptions,
  ) {}

  @Get()
  async show(
    @Query('redirect') wanted: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const redirect = this.transactions.returnPath(wanted);
    const query = redirect === undefined ? '' : `?${new URLSearchParams({ redirect }).toString()}`;
    const button = { href: `${this.options.publicUrl}/auth/dingtalk${query}` };
    await this.responder.page(response, 200, signInPage([button], this.options.passwordUrl, preferredLocale(request)));
  }
}
