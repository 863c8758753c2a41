import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { Authenticators } from './dingtalk/index.js';
import { HealthService } from './health/index.js';
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
    private readonly authenticators: Authenticators,
    private readonly health: HealthService,
    private readonly responder: Responder,
    @Inject(PAGES_OPTIONS) private readonly options: PagesOptions,
  ) {}

  @Get()
  async show(
    @Query('redirect') wanted: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const { publicUrl, passwordUrl } = this.options;
    const locale = preferredLocale(request);
    const redirect = this.authenticators.default.returnPath(wanted);
    const query = redirect === undefined ? '' : `?${new URLSearchParams({ redirect }).toString()}`;
    const buttons = this.authenticators.all().map(({ name, options: { title, logo } }, index) => ({
      href: `${publicUrl}/auth/dingtalk${index === 0 ? '' : `/${name}`}${query}`,
      title: title?.[locale],
      logo,
    }));
    const trouble = await this.health.knownTrouble();
    await this.responder.page(response, 200, signInPage({ buttons, passwordUrl, trouble }, locale));
  }
}
