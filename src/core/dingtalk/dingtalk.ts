import type { z } from 'zod';
import type { ExternalIdentity } from '../accounts/index.js';
import type { SignInTransaction } from '../sign-in/index.js';
import type { UpstreamHttpClient } from '../upstream/index.js';
import type { AppTokenStore } from './app-token-store.js';
import { AppTokens } from './app-tokens.js';
import { Departments } from './departments.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import type { member } from './dingtalk-api.types.js';
import { AUTHORIZE_PATH, PERMISSION } from './dingtalk.constants.js';
import type { DingTalkOptions } from './dingtalk-options.js';
import { Members } from './members.js';
import { PhoneSight } from './phone-sight.js';

/**
 * DingTalk's consent page. DingTalk has no PKCE: the state, bound to the browser, is what ties its answer to us.
 * https://open.dingtalk.com/document/development/obtain-identity-credentials
 */
export function authorizationUrl(
  options: Pick<DingTalkOptions, 'callbackUrl' | 'clientId' | 'corpIds' | 'exclusiveLogin' | 'loginUrl'>,
  state: string,
): string {
  const { callbackUrl, clientId, corpIds, exclusiveLogin = false, loginUrl } = options;
  const query = new URLSearchParams({
    redirect_uri: callbackUrl,
    response_type: 'code',
    client_id: clientId,
    scope: corpIds.length > 0 ? 'openid corpid' : 'openid',
    // Without it DingTalk's page fails in practice.
    prompt: 'consent',
    ...(corpIds.length === 1 ? { corpId: corpIds[0]! } : {}),
    ...(exclusiveLogin && corpIds.length === 1 ? { exclusiveLogin: 'true', exclusiveCorpId: corpIds[0]! } : {}),
    // The last one: `DingTalk` appends it to what is the same for everybody.
    state,
  });
  // The vendor's samples write a blank as %20; whether its page reads "+" as one is not documented.
  return `${loginUrl}${AUTHORIZE_PATH}?${query.toString().replaceAll('+', '%20')}`;
}

/** What a host lends. */
export interface DingTalkHost {
  readonly http: UpstreamHttpClient;
  readonly tokens: AppTokenStore;
  /** For its log: nothing fails because of it. */
  readonly warn: (line: string) => void;
}

/** What `DingTalk` consists of, at a host. */
export function partsOf(
  { http, tokens, warn }: DingTalkHost,
  options: DingTalkOptions,
): readonly [DingTalkApiClient, Members, Departments] {
  const api = new DingTalkApiClient(http, options);
  const appTokens = new AppTokens(api, tokens);
  return [api, new Members(appTokens, api), new Departments(appTokens, api, warn)];
}

/** DingTalk as an identity provider: where to send a person, and who came back. */
export class DingTalk {
  private readonly urlBeforeState: string;
  private readonly phones = new PhoneSight();

  constructor(
    private readonly api: DingTalkApiClient,
    private readonly members: Members,
    private readonly departments: Departments,
    private readonly options: DingTalkOptions,
  ) {
    this.urlBeforeState = authorizationUrl(options, '');
  }

  /** DingTalk's consent page. A state needs no escaping (base64url). */
  authorizationUrl({ state }: SignInTransaction): string {
    return this.urlBeforeState + state;
  }

  /**
   * Authorization code in, person out: two calls, and two more where the organization's own record counts.
   *
   * @throws InvalidGrantError, NotAMemberError, MisconfiguredError, upstream errors
   */
  async identify(code: string): Promise<ExternalIdentity> {
    const { accessToken, corpId } = await this.api.userAccessToken(code);
    const profile = await this.api.currentUser(accessToken);
    return this.options.identity === 'member'
      ? this.fromMember(await this.members.memberByUnionId(profile.unionId), corpId)
      : {
          subject: profile.unionId,
          name: profile.nick ?? '',
          ...this.phones.of(profile.mobile, profile.stateCode, PERMISSION.mobile),
          email: profile.email ?? undefined,
          avatarUrl: profile.avatarUrl ?? undefined,
          organization: corpId,
        };
  }

  /**
   * A code of DingTalk's client in, person out: two calls, and the first time one more. Only a member of the application's
   * own organization has one.
   *
   * @param corpId the organization the client was asked about; nobody gets in unless the application belongs to it
   * @throws InvalidGrantError, NotAMemberError, MisconfiguredError, upstream errors
   */
  async identifyInApp(code: string, corpId: string | undefined): Promise<ExternalIdentity> {
    return this.fromMember(await this.members.memberByInAppCode(code, corpId), corpId);
  }

  /** Rejects with the reason where DingTalk cannot be reached: a sign-in would fail. */
  async check(): Promise<void> {
    await this.api.ping();
  }

  /** Nothing of a profile: people write it themselves, the organization keeps its records. */
  private async fromMember(record: z.output<typeof member>, corpId: string | undefined): Promise<ExternalIdentity> {
    const departments = this.options.wantsDepartments
      ? await this.departments.namesOf(record.dept_id_list ?? [])
      : undefined;
    return {
      subject: record.unionid,
      memberId: record.userid,
      name: record.name,
      ...this.phones.of(record.mobile, record.state_code, PERMISSION.memberMobile),
      email: record.org_email || record.email || undefined,
      avatarUrl: record.avatar ?? undefined,
      jobNumber: record.job_number ?? undefined,
      title: record.title ?? undefined,
      departments,
      organization: corpId,
    };
  }
}
