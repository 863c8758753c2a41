import type { Provider } from '@nestjs/common';
import { AppTokenService } from './app-token.service.js';
import { AppTokenStore } from './app-token.store.js';
import { DepartmentService } from './department.service.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { DingTalkApplication } from './dingtalk-application.js';
import { DingTalkService } from './dingtalk.service.js';
import { MemberService } from './member.service.js';

/**
 * What one DingTalk application consists of. They need DINGTALK_OPTIONS, SignInTransactionService, RefusedCodes,
 * RedisConnection and the UpstreamModule.
 */
export const APPLICATION_PROVIDERS: readonly Provider[] = [
  AppTokenStore,
  AppTokenService,
  DepartmentService,
  MemberService,
  DingTalkApiClient,
  DingTalkService,
  DingTalkApplication,
];
