import { z } from 'zod';
import { type UpstreamCall, UpstreamHttpClient, UpstreamHttpError, UpstreamResponseError } from '../upstream/index.js';
import {
  appAccessToken,
  currentUser,
  department,
  effectiveCode,
  envelope,
  errorReference,
  inAppUser,
  member,
  organizationToken,
  reference,
  userAccessToken,
  userByUnionId,
} from './dingtalk-api.types.js';
import {
  ACCESS_TOKEN_HEADER,
  CURRENT_USER_PATH,
  DEPARTMENT_PATH,
  IN_APP_USER_PATH,
  MEMBER_PATH,
  PERMISSION,
  USER_ACCESS_TOKEN_PATH,
  USER_BY_UNION_ID_PATH,
} from './dingtalk.constants.js';
import { appAccessTokenRequest, organizationTokenRequest, topapiRequest } from './dingtalk-requests.js';
import { notOfOrganization, platformError, translate } from './dingtalk.errors.js';
import type { DingTalkOptions } from './dingtalk-options.js';
import { DETAIL } from '../texts/index.js';

/** A read of the organization's records. */
const MEMBER_QUESTION = { mayRepeat: true, permission: PERMISSION.member };

/** DingTalk's HTTP API, as much of it as a sign-in needs. */
export class DingTalkApiClient {
  constructor(
    private readonly http: UpstreamHttpClient,
    private readonly options: DingTalkOptions,
  ) {}

  /** Exchanges an authorization code. Once: after a failure nobody knows whether the code was used up. */
  async userAccessToken(code: string): Promise<z.output<typeof userAccessToken>> {
    const { clientId, clientSecret, apiUrl, timeoutMs } = this.options;
    return this.request({
      operation: 'userAccessToken',
      method: 'POST',
      url: apiUrl + USER_ACCESS_TOKEN_PATH,
      body: { clientId, clientSecret, code, grantType: 'authorization_code' },
      timeoutMs,
      guard: userAccessToken,
      translate,
    });
  }

  /** The owner of a user access token. */
  async currentUser(accessToken: string): Promise<z.output<typeof currentUser>> {
    return this.request({
      operation: 'currentUser',
      method: 'GET',
      url: this.options.apiUrl + CURRENT_USER_PATH,
      headers: { [ACCESS_TOKEN_HEADER]: accessToken },
      timeoutMs: this.options.timeoutMs,
      guard: currentUser,
      translate: (error) => translate(error, PERMISSION.profile),
    });
  }

  /** The application's own token, for questions about the organization. */
  async appAccessToken(): Promise<z.output<typeof appAccessToken>> {
    return this.request({
      operation: 'appAccessToken',
      ...appAccessTokenRequest(this.options),
      // DingTalk gives the same token while it is valid.
      mayRepeat: true,
      timeoutMs: this.options.timeoutMs,
      guard: appAccessToken,
      translate,
    });
  }

  /**
   * Asks for a token of the application in one organization, and drops it: DingTalk gives none where the application does
   * not belong.
   *
   * @throws NotAMemberError, MisconfiguredError
   */
  async requireOrganization(corpId: string): Promise<void> {
    await this.request({
      operation: 'organizationToken',
      ...organizationTokenRequest(this.options, corpId),
      mayRepeat: true,
      timeoutMs: this.options.timeoutMs,
      guard: organizationToken,
      translate: (error) => notOfOrganization(error) ?? translate(error),
    });
  }

  /** @throws NotAMemberError, StaleAppTokenError, MisconfiguredError */
  async userByUnionId(appToken: string, unionid: string): Promise<z.output<typeof userByUnionId>> {
    return this.ask('userByUnionId', USER_BY_UNION_ID_PATH, appToken, { unionid }, userByUnionId, MEMBER_QUESTION);
  }

  /**
   * Whose code the JSAPI gave. Once: after a failure nobody knows whether the code was used up.
   *
   * @throws InvalidGrantError, StaleAppTokenError, MisconfiguredError
   */
  async inAppUser(appToken: string, code: string): Promise<z.output<typeof inAppUser>> {
    const once = { mayRepeat: false, permission: PERMISSION.basic };
    return this.ask('inAppUser', IN_APP_USER_PATH, appToken, { code }, inAppUser, once);
  }

  /** @throws NotAMemberError, StaleAppTokenError, MisconfiguredError */
  async member(appToken: string, userid: string): Promise<z.output<typeof member>> {
    return this.ask('member', MEMBER_PATH, appToken, { userid }, member, MEMBER_QUESTION);
  }

  /** Any answer will do, also a refusal: DingTalk documents no address for this. @throws when there is none */
  async ping(): Promise<void> {
    try {
      await this.request({
        operation: 'ping',
        method: 'GET',
        url: this.options.apiUrl + USER_ACCESS_TOKEN_PATH,
        mayRepeat: false,
        timeoutMs: this.options.timeoutMs,
        guard: z.unknown(),
      });
    } catch (error) {
      const answered = error instanceof UpstreamResponseError || error instanceof UpstreamHttpError;
      if (!answered || (error instanceof UpstreamHttpError && error.httpStatus >= 502)) throw error;
    }
  }

  /** @throws StaleAppTokenError, MisconfiguredError */
  async department(appToken: string, id: number): Promise<z.output<typeof department>> {
    const question = { mayRepeat: true, permission: PERMISSION.departments };
    return this.ask('department', DEPARTMENT_PATH, appToken, { dept_id: id }, department, question);
  }

  /** The older API: its token stands in the query, and its errors in an answer with status 200. */
  private async ask<Guard extends z.ZodType>(
    operation: string,
    path: string,
    appToken: string,
    body: object,
    guard: Guard,
    { mayRepeat, permission }: { mayRepeat: boolean; permission: string },
  ): Promise<z.output<Guard>> {
    const call = { upstream: 'DingTalk', operation } as const;
    const answer = await this.request({
      operation,
      ...topapiRequest(this.options, path, appToken, body),
      mayRepeat,
      timeoutMs: this.options.timeoutMs,
      guard: envelope,
      refusal: (said) => {
        const code = effectiveCode(said);
        return code === 0 ? undefined : platformError(call, code, permission, reference(code, said.request_id));
      },
    });
    const result = guard.safeParse(answer.result);
    if (!result.success) throw new UpstreamResponseError(call, DETAIL.dingtalk.unexpectedResult.en);
    return result.data;
  }

  private async request<Guard extends z.ZodType>(
    call: Omit<UpstreamCall<Guard>, 'upstream' | 'proxyUrl' | 'reference'>,
  ): Promise<z.output<Guard>> {
    const { proxyUrl } = this.options;
    return this.http.request({ ...call, upstream: 'DingTalk', proxyUrl, reference: errorReference });
  }
}
