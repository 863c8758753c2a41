import { z } from 'zod';
import { type UpstreamCall, UpstreamHttpClient, UpstreamHttpError, UpstreamResponseError } from '../upstream/index.js';
import {
  administrators,
  appAccessToken,
  currentUser,
  department,
  dingTalkErrorCode,
  effectiveCode,
  employeeIds,
  envelope,
  errorReference,
  inAppUser,
  leaveRecords,
  member,
  memberIds,
  organizationToken,
  reference,
  requestIdOf,
  scopes,
  userAccessToken,
  userByUnionId,
} from './dingtalk-api.types.js';
import type { EmployeeAnswer, GoneCode, LeaveRecords, MemberAnswer } from './directory.types.js';
import {
  ACCESS_TOKEN_HEADER,
  ADMINISTRATORS_PATH,
  CURRENT_USER_PATH,
  DEPARTMENT_PATH,
  EMPLOYEE,
  IN_APP_USER_PATH,
  LEAVE_RECORDS_PATH,
  MEMBER_PATH,
  PERMISSION,
  SCOPES_PATH,
  USER_ACCESS_TOKEN_PATH,
  USER_BY_UNION_ID_PATH,
} from './dingtalk.constants.js';
import { appAccessTokenRequest, organizationTokenRequest, topapiRequest } from './dingtalk-requests.js';
import { notOfOrganization, platformError, StaleAppTokenError, translate } from './dingtalk.errors.js';
import type { DingTalkOptions } from './dingtalk-options.js';
import { DETAIL } from '../texts/index.js';

/** A read of the organization's records. */
const MEMBER_QUESTION = { mayRepeat: true, permission: PERMISSION.member };

/** DingTalk's page size for leave records. */
const LEAVE_RECORDS_PAGE = 50;
/** The codes that answer a question about a person: found, and gone. */
const isAboutThePerson = (code: number): boolean => code === 0 || isGone(code);
const isGone = (code: number): code is GoneCode => code === 60121 || code === 33012;

/** DingTalk's HTTP API, as far as a sign-in and the watch for leavers need it. */
export class DingTalkApiClient {
  constructor(
    private readonly http: UpstreamHttpClient,
    private readonly options: DingTalkOptions,
  ) {}

  /** Exchanges an authorization code. Never retried: after a failure nobody knows whether the code was used up. */
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

  /** The application's own token, for calls about the organization. */
  async appAccessToken(): Promise<z.output<typeof appAccessToken>> {
    return this.request({
      operation: 'appAccessToken',
      ...appAccessTokenRequest(this.options),
      // DingTalk returns the same token while it is valid.
      mayRepeat: true,
      timeoutMs: this.options.timeoutMs,
      guard: appAccessToken,
      translate,
    });
  }

  /**
   * Requests a token of the application in one organization, and discards it: DingTalk gives none for an organization
   * that the application does not belong to.
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
   * The user to whom a JSAPI code belongs. Never retried: after a failure nobody knows whether the code was used up.
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

  /** Any response will do, even a refusal: DingTalk documents no health endpoint. @throws if there is none */
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

  /** Whether a userid belongs to a member. @throws if the response does not tell, StaleAppTokenError */
  async memberAnswer(appToken: string, userid: string): Promise<MemberAnswer> {
    const asked = { operation: 'memberAnswer', path: MEMBER_PATH, body: { userid } };
    const { code, requestId, result } = await this.askAboutPerson(appToken, asked, memberIds);
    return result === undefined
      ? { code, requestId }
      : { code: 0, requestId, userid: result.userid, unionId: result.unionid };
  }

  /** Whether a unionId belongs to an employee. @throws if the response does not tell, StaleAppTokenError */
  async employeeAnswer(appToken: string, unionid: string): Promise<EmployeeAnswer> {
    const asked = { operation: 'employeeAnswer', path: USER_BY_UNION_ID_PATH, body: { unionid } };
    const { code, requestId, result } = await this.askAboutPerson(appToken, asked, employeeIds);
    return result === undefined
      ? { code, requestId }
      : { code: 0, requestId, userid: result.userid, isEmployee: result.contact_type === EMPLOYEE };
  }

  /** Userids, main administrators first. @throws StaleAppTokenError, MisconfiguredError */
  async administrators(appToken: string): Promise<readonly string[]> {
    const found = await this.ask('administrators', ADMINISTRATORS_PATH, appToken, {}, administrators, MEMBER_QUESTION);
    const rank = ({ sys_level: level }: { sys_level?: number | null | undefined }) => (level === 1 ? 0 : 1);
    return found.toSorted((one, other) => rank(one) - rank(other)).map(({ userid }) => userid);
  }

  /**
   * A page of the people who left within a period (ms since 1970, at most 365 days).
   *
   * @throws StaleAppTokenError, MisconfiguredError
   */
  async leaveRecords(appToken: string, [from, to]: readonly [number, number], page = '0'): Promise<LeaveRecords> {
    const query = new URLSearchParams({
      startTime: new Date(from).toISOString().replace(/\.\d+Z$/, 'Z'),
      endTime: new Date(to).toISOString().replace(/\.\d+Z$/, 'Z'),
      nextToken: page,
      maxResults: String(LEAVE_RECORDS_PAGE),
    });
    const { nextToken, records } = await this.request({
      operation: 'leaveRecords',
      method: 'GET',
      url: `${this.options.apiUrl}${LEAVE_RECORDS_PATH}?${query.toString()}`,
      headers: { [ACCESS_TOKEN_HEADER]: appToken },
      timeoutMs: this.options.timeoutMs,
      guard: leaveRecords,
      translate: (error) =>
        dingTalkErrorCode(error.body) === 'InvalidAuthentication'
          ? new StaleAppTokenError(error.reference)
          : translate(error, PERMISSION.leaveRecords),
    });
    return {
      next: nextToken === undefined || nextToken === null || nextToken === '' ? undefined : nextToken,
      records: (records ?? []).map(({ userId, leaveTime, leaveReason }) => ({
        userid: userId,
        leftAt: momentOf(leaveTime),
        reason: leaveReason ?? 'unknown',
      })),
    };
  }

  /** The scope in which the application can see people. @throws StaleAppTokenError, MisconfiguredError */
  async scopes(appToken: string): Promise<z.output<typeof scopes>['auth_org_scopes']> {
    const call = { upstream: 'DingTalk', operation: 'scopes' } as const;
    const answer = await this.request({
      operation: call.operation,
      method: 'GET',
      url: `${this.options.oapiUrl}${SCOPES_PATH}?${new URLSearchParams({ access_token: appToken }).toString()}`,
      timeoutMs: this.options.timeoutMs,
      guard: scopes,
      refusal: (said) => {
        const code = effectiveCode(said);
        return code === 0 ? undefined : platformError(call, code, PERMISSION.basic, reference(code, said.request_id));
      },
    });
    return answer.auth_org_scopes;
  }

  /** What DingTalk says about a person, as its own code. That they are gone is a result here, not an error. */
  private async askAboutPerson<Guard extends z.ZodType>(
    appToken: string,
    { operation, path, body }: { operation: string; path: string; body: object },
    guard: Guard,
  ): Promise<
    | { code: 0; requestId: string | undefined; result: z.output<Guard> }
    | { code: GoneCode; requestId: string | undefined; result: undefined }
  > {
    const call = { upstream: 'DingTalk', operation } as const;
    const answer = await this.request({
      operation,
      ...topapiRequest(this.options, path, appToken, body),
      mayRepeat: true,
      timeoutMs: this.options.timeoutMs,
      guard: envelope,
      refusal: (said) => {
        const code = effectiveCode(said);
        return isAboutThePerson(code)
          ? undefined
          : platformError(call, code, PERMISSION.member, reference(code, said.request_id));
      },
    });
    const code = effectiveCode(answer);
    const requestId = requestIdOf(answer.request_id);
    if (isGone(code)) return { code, requestId, result: undefined };
    const result = guard.safeParse(answer.result);
    if (!result.success) throw new UpstreamResponseError(call, DETAIL.dingtalk.unexpectedResult.en);
    return { code: 0, requestId, result: result.data };
  }

  /** The older API: the token is in the query, and errors are in a response with status 200. */
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

/** An ISO text as ms since 1970. */
function momentOf(text: string | null | undefined): number | undefined {
  const moment = Date.parse(text ?? '');
  return Number.isNaN(moment) || moment < 0 ? undefined : moment;
}
