import { Inject, Injectable } from '@nestjs/common';
import type { ExternalIdentity, SignInTransaction } from '../auth/index.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { AUTHORIZE_PATH, PERMISSION } from './dingtalk.constants.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';
import { mobileNumber } from './mobile-number.js';

/** DingTalk as an identity provider: where to send a person, and who came back. */
@Injectable()
export class DingTalkService {
  constructor(
    private readonly api: DingTalkApiClient,
    @Inject(DINGTALK_OPTIONS) private readonly options: DingTalkOptions,
  ) {}

  /** The address to register in the developer console (Security settings, Redirect URL). */
  get redirectUri(): string {
    return `${this.options.publicUrl}/auth/dingtalk/${this.options.authenticator}/callback`;
  }

  /**
   * DingTalk's consent page. DingTalk has no PKCE: the state, bound to the browser, is what ties its answer to us.
   * https://open.dingtalk.com/document/development/obtain-identity-credentials
   */
  authorizationUrl(transaction: SignInTransaction): string {
    const { clientId, corpIds, loginUrl } = this.options;
    const query = new URLSearchParams({
      redirect_uri: this.redirectUri,
      response_type: 'code',
      client_id: clientId,
      scope: corpIds.length > 0 ? 'openid corpid' : 'openid',
      // Without it DingTalk's page fails in practice.
      prompt: 'consent',
      state: transaction.state,
      ...(corpIds.length === 1 ? { corpId: corpIds[0]! } : {}),
    });
    // The vendor's samples write a blank as %20; whether its page reads "+" as one is not documented.
    return `${loginUrl}${AUTHORIZE_PATH}?${query.toString().replaceAll('+', '%20')}`;
  }

  /** Authorization code in, person out: two calls. @throws InvalidGrantError, MisconfiguredError, upstream errors */
  async identify(code: string): Promise<ExternalIdentity> {
    const { accessToken, corpId } = await this.api.userAccessToken(code);
    const user = await this.api.currentUser(accessToken);
    return {
      subject: user.unionId,
      name: user.nick ?? '',
      phone: mobileNumber(user.mobile, user.stateCode),
      email: user.email ?? undefined,
      organization: corpId,
      phonePermission: PERMISSION.mobile,
    };
  }
}
