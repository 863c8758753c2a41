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
 * DingTalk's consent page. DingTalk has no PKCE: the state, bound to the browser, is what ties its response to our
 * request.
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
    // In practice DingTalk's page fails without it.
    prompt: 'consent',
    ...(corpIds.length === 1 ? { corpId: corpIds[0]! } : {}),
    ...(exclusiveLogin && corpIds.length === 1 ? { exclusiveLogin: 'true', exclusiveCorpId: corpIds[0]! } : {}),
    // Last, because `DingTalk` appends it to the part that is the same for every sign-in.
    state,
  });
  // The vendor's samples encode a space as %20; it is not documented whether its page reads "+" as one.
  return `${loginUrl}${AUTHORIZE_PATH}?${query.toString().replaceAll('+', '%20')}`;
}

/** What a host provides. */
export interface DingTalkHost {
  readonly http: UpstreamHttpClient;
  readonly tokens: AppTokenStore;
  /** For the host's log. */
  readonly warn: (line: string) => void;
}

/** The parts of `DingTalk` for one host. */
export function partsOf(
  { http, tokens, warn }: DingTalkHost,
  options: DingTalkOptions,
): readonly [DingTalkApiClient, Members, Departments] {
  const api = new DingTalkApiClient(http, options);
  const appTokens = new AppTokens(api, tokens);
  return [api, new Members(appTokens, api), new Departments(appTokens, api, warn)];
}

/** DingTalk as an identity provider: where to send people, and who came back. */
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
   * Exchanges an authorization code for a person: two calls, and two more if the organization's record is needed.
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
   * Exchanges a code from DingTalk's client for a person: two calls, and one more the first time. Only members of the
   * application's own organization have such a code.
   *
   * @param corpId the organization that the client requested the code for; refused unless the application belongs to it
   * @throws InvalidGrantError, NotAMemberError, MisconfiguredError, upstream errors
   */
  async identifyInApp(code: string, corpId: string | undefined): Promise<ExternalIdentity> {
    return this.fromMember(await this.members.memberByInAppCode(code, corpId), corpId);
  }

  /** Rejects with the reason if DingTalk cannot be reached, so that sign-ins would fail. */
  async check(): Promise<void> {
    await this.api.ping();
  }

  /** Nothing comes from a profile: people edit that themselves, while the organization keeps its records. */
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
