import { Inject, Injectable, Logger } from '@nestjs/common';
import { DingTalk, partsOf } from '../core/dingtalk/index.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';
import { AppTokenStore } from './app-token.store.js';
import { DINGTALK_OPTIONS, type DingTalkOptions, withCallbackUrl } from './dingtalk.options.js';

/** DingTalk as an identity provider (`core/dingtalk`), with the application's token shared among replicas. */
@Injectable()
export class DingTalkService extends DingTalk {
  constructor(http: UpstreamHttpClient, tokens: AppTokenStore, @Inject(DINGTALK_OPTIONS) options: DingTalkOptions) {
    const logger = new Logger('Departments');
    const application = withCallbackUrl(options);
    super(...partsOf({ http, tokens, warn: (line) => logger.warn(line) }, application), application);
  }
}
