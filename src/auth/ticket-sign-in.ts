import { Inject, Injectable } from '@nestjs/common';
import { admit, type ExternalIdentity, storableAttributes } from '../core/accounts/index.js';
import { InvalidRequestError, MisconfiguredError } from '../core/errors/index.js';
import { freshFor, PluginClient, Signer } from '../plugin-client/index.js';
import {
  CHALLENGE_PATTERN,
  type NocoBaseApp,
  redeemUrl,
  signInErrorUrl,
  startUrl,
  TICKET_LIFETIME_SECONDS,
  TICKET_TYPE,
  type TicketClaims,
  ticketClaims,
} from '../core/plugin-protocol/index.js';
import { step } from '../telemetry/index.js';
import { AUTH_OPTIONS, type TicketAuthOptions } from './auth.options.js';
import { InvalidStateError } from '../core/sign-in/index.js';
import {
  type Beginning,
  type SignedIn,
  type SignInFailure,
  SignInService,
  type WantedSignIn,
} from './sign-in.service.js';
import type { SignInTransaction } from '../core/sign-in/index.js';
import { DETAIL } from '../core/texts/index.js';

/**
 * Identity in, ticket out, for a NocoBase with the plugin (docs/adr/0005): the plugin matches the person and signs them
 * in when it redeems the ticket. NocoBase is not called, and accepts nothing from here but our signature.
 */
@Injectable()
export class TicketSignIn extends SignInService {
  constructor(
    private readonly plugin: PluginClient,
    private readonly signer: Signer,
    @Inject(AUTH_OPTIONS) private readonly options: TicketAuthOptions,
  ) {
    super();
  }

  /** Only the plugin can tie a sign-in to a verifier in the browser, so it starts there. */
  override begin(challenge: unknown, wanted: WantedSignIn): Beginning {
    if (challenge === undefined)
      return { where: 'elsewhere', location: startUrl(this.app, this.authenticator, wanted) };
    if (typeof challenge !== 'string' || !CHALLENGE_PATTERN.test(challenge)) {
      throw new InvalidRequestError(DETAIL.auth.oddChallenge.en);
    }
    return { where: 'here', challenge };
  }

  override async signIn(
    identity: ExternalIdentity,
    { challenge, returnPath }: SignInTransaction,
    requestId: string,
  ): Promise<SignedIn> {
    // Started before the hand-off was changed. A ticket that any browser could redeem is never issued.
    if (challenge === undefined) throw new InvalidStateError(DETAIL.auth.noChallenge.en);
    admit(identity, this.options.policy);
    const ticket = await step('issue', () => this.sign(identity, { challenge, returnPath, requestId }));
    return {
      match: 'ticket',
      handOff: { kind: 'redirect', location: redeemUrl(this.app, this.authenticator, ticket) },
    };
  }

  override errorUrl({ challenge, returnPath }: SignInTransaction, error: SignInFailure): string | undefined {
    return challenge === undefined ? undefined : signInErrorUrl(this.app, error, returnPath);
  }

  override browserStorage(): undefined {
    return undefined;
  }

  override async check(): Promise<void> {
    const { authenticators } = await this.plugin.settingsWithoutSecrets(this.options.nocobase);
    if (!authenticators.some(({ name, enabled }) => enabled && name === this.authenticator)) {
      throw new MisconfiguredError('NOCOBASE_AUTHENTICATOR', DETAIL.auth.notEnabled(this.authenticator).en);
    }
  }

  private get app(): NocoBaseApp {
    return { ...this.options.nocobase, nocobaseUrl: this.options.nocobase.publicUrl };
  }

  private get authenticator(): string {
    return this.options.nocobase.authenticator;
  }

  private async sign(
    identity: ExternalIdentity,
    about: Pick<TicketClaims, 'challenge' | 'returnPath' | 'requestId'>,
  ): Promise<string> {
    const { subject, organization, phonePermission } = identity;
    const { nocobaseUrl, app } = this.app;
    const claims: TicketClaims = {
      iss: this.options.publicUrl,
      aud: nocobaseUrl,
      app,
      authenticator: this.authenticator,
      ...freshFor(TICKET_LIFETIME_SECONDS),
      ...about,
      identity: { name: '', ...storableAttributes(identity), subject, organization, phonePermission },
      memberId: identity.memberId,
    };
    return this.signer.sign(TICKET_TYPE, ticketClaims.parse(claims));
  }
}
