import type { Provider } from '@nestjs/common';
import { AppTokenStore } from './app-token.store.js';
import { DingTalkApplication } from './dingtalk-application.js';
import { DingTalkService } from './dingtalk.service.js';

/**
 * The parts of one DingTalk application. They need DINGTALK_OPTIONS, SignInTransactionService, RefusedCodes,
 * RedisConnection and the UpstreamModule.
 */
export const APPLICATION_PROVIDERS: readonly Provider[] = [AppTokenStore, DingTalkService, DingTalkApplication];
