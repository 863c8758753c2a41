import { createHash } from 'node:crypto';
import { AppTokens } from './app-tokens.js';
import type { DingTalkHost } from './dingtalk.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import type { DingTalkOptions } from './dingtalk-options.js';
import {
  ADMINISTRATORS_PATH,
  LEAVE_RECORDS_PATH,
  MEMBER_PATH,
  SCOPES_PATH,
  USER_BY_UNION_ID_PATH,
} from './dingtalk.constants.js';
import type { Directory, LeaveRecords, Questions } from './directory.types.js';
import type { Pace, Urgency } from './pace.js';

/** The directory as the application sees it, within DingTalk's rate limit. */
export class DingTalkDirectory implements Directory {
  private readonly api: DingTalkApiClient;
  private readonly tokens: AppTokens;

  constructor(
    { http, tokens }: Pick<DingTalkHost, 'http' | 'tokens'>,
    options: DingTalkOptions,
    private readonly pace: Pace,
  ) {
    this.api = new DingTalkApiClient(http, options);
    this.tokens = new AppTokens(this.api, tokens);
  }

  async ask<T>(urgency: Urgency, work: (questions: Questions) => Promise<T>): Promise<T> {
    const { api, pace } = this;
    return this.tokens.use((token) =>
      work({
        member: async (userid) => {
          await pace.turn(MEMBER_PATH, urgency);
          return api.memberAnswer(token, userid);
        },
        employee: async (unionId) => {
          await pace.turn(USER_BY_UNION_ID_PATH, urgency);
          return api.employeeAnswer(token, unionId);
        },
        administrators: async () => {
          await pace.turn(ADMINISTRATORS_PATH, urgency);
          return api.administrators(token);
        },
      }),
    );
  }

  async leaveRecords(between: readonly [from: number, to: number], page?: string): Promise<LeaveRecords> {
    await this.pace.turn(LEAVE_RECORDS_PATH, 'night');
    return this.tokens.use((token) => this.api.leaveRecords(token, between, page));
  }

  async scopeFingerprint(): Promise<string> {
    await this.pace.turn(SCOPES_PATH, 'night');
    const scopes = await this.tokens.use((token) => this.api.scopes(token));
    return createHash('sha256').update(JSON.stringify(scopes)).digest('base64url');
  }
}
