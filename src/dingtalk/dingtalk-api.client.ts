import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { UpstreamHttpClient } from '../upstream/index.js';
import { currentUser, userAccessToken } from './dingtalk-api.types.js';
import { ACCESS_TOKEN_HEADER, CURRENT_USER_PATH, PERMISSION, USER_ACCESS_TOKEN_PATH } from './dingtalk.constants.js';
import { translate } from './dingtalk.errors.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';

/** DingTalk's HTTP API, as much of it as a sign-in needs. */
@Injectable()
export class DingTalkApiClient {
  constructor(
    private readonly http: UpstreamHttpClient,
    @Inject(DINGTALK_OPTIONS) private readonly options: DingTalkOptions,
  ) {}

  /** Exchanges an authorization code. Once: after a failure nobody knows whether the code was used up. */
  async userAccessToken(code: string): Promise<z.output<typeof userAccessToken>> {
    const { clientId, clientSecret, apiUrl, timeoutMs } = this.options;
    try {
      return await this.http.request({
        upstream: 'DingTalk',
        operation: 'userAccessToken',
        method: 'POST',
        url: apiUrl + USER_ACCESS_TOKEN_PATH,
        body: { clientId, clientSecret, code, grantType: 'authorization_code' },
        timeoutMs,
        guard: userAccessToken,
      });
    } catch (error) {
      throw translate(error);
    }
  }

  /** The owner of a user access token. */
  async currentUser(accessToken: string): Promise<z.output<typeof currentUser>> {
    try {
      return await this.http.request({
        upstream: 'DingTalk',
        operation: 'currentUser',
        method: 'GET',
        url: this.options.apiUrl + CURRENT_USER_PATH,
        headers: { [ACCESS_TOKEN_HEADER]: accessToken },
        timeoutMs: this.options.timeoutMs,
        guard: currentUser,
      });
    } catch (error) {
      throw translate(error, PERMISSION.profile);
    }
  }
}
