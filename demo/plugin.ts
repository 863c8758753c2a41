import { join } from 'node:path';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID } from '../sandbox/index.js';
import { type Launcher, type NocoBase, post } from './nocobase.js';

/** Uploads the companion plugin, which `npm run build` has packed, to NocoBase as its plugin manager's page does. */
export async function addPlugin(root: string, launcher: Launcher, nocobase: NocoBase): Promise<void> {
  const packageName = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';
  await launcher.installPlugin(nocobase, { file: join(root, 'dist', 'plugin.tgz'), packageName });
}

/**
 * What an administrator enters at Settings, Authentication, Add new, DingTalk.
 *
 * @param gatewayUrl undefined if NocoBase signs people in by itself
 */
export async function addAuthenticator(nocobase: NocoBase, gatewayUrl: string | undefined): Promise<void> {
  await post(nocobase, 'authenticators:create', {
    name: 'dingtalk',
    authType: 'DingTalk',
    title: 'DingTalk',
    enabled: true,
    options: {
      public: { autoSignIn: false },
      ...(gatewayUrl === undefined ? { signInBy: 'nocobase' } : { signInBy: 'gateway', gatewayUrl }),
      nocobaseUrl: nocobase.url,
      clientId: DEMO_CLIENT_ID,
      clientSecret: DEMO_CLIENT_SECRET,
      corpIds: [DEMO_CORP_ID],
      autoSignUp: true,
    },
  });
}
