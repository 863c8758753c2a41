import { Body, Controller, HttpStatus, Inject, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { InvalidRequestError, NotFoundError } from '../core/errors/index.js';
import { AuthenticatorRegistry } from '../authenticators/index.js';
import { GatewayErrorFilter, type GatewayRequest, Responder } from '../web/index.js';
import { PluginClient, type PluginTarget } from '../plugin-client/index.js';
import { examinationRequest } from '../core/plugin-protocol/index.js';
import { DoctorLimiter } from './doctor-limiter.js';
import { DOCTOR_OPTIONS, type DoctorOptions } from './doctor.options.js';
import { AUTHENTICATOR_NAME } from '../core/settings/index.js';
import { DETAIL } from '../core/texts/index.js';

/**
 * The button *Test* in NocoBase: its plugin requests the doctor's findings about an authenticator. Anyone can send such
 * a request, so nothing is checked before the plugin has confirmed, at the address that we know, that its administrator
 * requested it.
 */
@Controller('auth/dingtalk/:authenticator/doctor')
@UseFilters(GatewayErrorFilter)
export class DoctorController {
  constructor(
    @Inject(DOCTOR_OPTIONS) private readonly options: DoctorOptions,
    private readonly registry: AuthenticatorRegistry,
    private readonly plugin: PluginClient,
    private readonly limiter: DoctorLimiter,
    private readonly responder: Responder,
  ) {}

  @Post()
  async examine(
    @Param('authenticator') name: string,
    @Body() body: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const inForce = this.registry.settingsOf(name);
    const target = this.targetOf(inForce?.nocobase);
    if (target === undefined || !AUTHENTICATOR_NAME.test(name)) throw new NotFoundError();
    const asked = examinationRequest.safeParse(body);
    if (!asked.success) throw new InvalidRequestError(DETAIL.doctor.notOfPlugin.en);
    const { id, lang } = asked.data;
    const confirm = async () => this.plugin.confirmExamination(target, { id, authenticator: name });
    if (!(await this.limiter.guard(request.ip, confirm))) {
      throw new InvalidRequestError(DETAIL.doctor.notAsked.en);
    }
    // Sign-ins do not need it, so it is loaded on demand.
    const { examineRunning } = await import('./doctor.js');
    const report = await examineRunning({ ...this.options, plugin: this.plugin }, { name, inForce }, lang);
    await this.responder.json(response, HttpStatus.OK, report);
  }

  /** Where an authenticator of this name can be confirmed; undefined if no plugin would request this. */
  private targetOf(inForce: (PluginTarget & { readonly handOff: string }) | undefined): PluginTarget | undefined {
    const { source } = this.options.settings;
    // One that is not enabled in NocoBase yet can be tested, too.
    if (source.kind === 'nocobase') return source.target;
    return inForce?.handOff === 'ticket' ? inForce : undefined;
  }
}
