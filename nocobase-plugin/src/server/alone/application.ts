import type { Application } from '@nocobase/server';
import { fieldRules } from '../../../../src/core/accounts/index.js';
import type { DingTalkOptions } from '../../../../src/core/dingtalk/index.js';
import { callbackUrl } from '../../../../src/core/plugin-protocol/index.js';
import { codePattern } from '../../../../src/core/settings/index.js';
import { placesOf } from '../paths.js';
import type { DingTalkEnvironment } from './dingtalk-environment.js';
import type { KnownAuthenticator } from './known-authenticators.js';

/** The application at DingTalk: the administrator's settings and the operator's. */
export function applicationOf(
  app: Application,
  { name, settings, clientId, clientSecret }: KnownAuthenticator,
  environment: DingTalkEnvironment,
): DingTalkOptions {
  const pattern = codePattern(settings.codePattern);
  return {
    ...environment,
    authenticator: name,
    clientId,
    clientSecret,
    identity: settings.identity,
    corpIds: settings.corpIds,
    exclusiveLogin: settings.exclusiveLogin,
    callbackUrl: callbackUrl(settings.nocobaseUrl, placesOf(app.name), name),
    wantsDepartments: fieldRules(settings.fields).some(({ from }) => from === 'departments'),
    ...(pattern === undefined ? {} : { codePattern: pattern }),
  };
}
